import { describe, expect, test } from 'vitest'
import type { PersistentVolume, Pod } from '#api/core/v1'
import type { AuthorizationAttributes, Decision } from '../authorizer.ts'
import { authorizerOver } from './index.ts'
import { NodeUses } from './uses.ts'

const related = new Set<string>()
const authorizer = authorizerOver({
  related: (node, kind, namespace, name) => related.has(`${node} ${kind} ${namespace}/${name}`),
})
related.add('n1 secret ns/s').add('n1 pvc ns/c').add('n1 pv /v').add('n1 serviceaccount ns/sa').add('n1 pod ns/p')
related.add('n1 resourceslice /sl')

function ask(verb: string, what: string, where = '', rest: Partial<AuthorizationAttributes> = {}): Decision {
  const [full = '', name = ''] = what.split(' ')
  const [path = '', subresource = ''] = full.split(':')
  const slash = path.indexOf('/')
  return authorizer.authorize({
    user: { name: 'system:node:n1', groups: ['system:nodes'] },
    verb,
    isResource: true,
    path: '',
    group: slash < 0 ? '' : path.slice(0, slash),
    version: 'v1',
    resource: path.slice(slash + 1),
    subresource,
    namespace: where,
    name,
    ...rest,
  }) as Decision
}

const unrelated = "no relationship found between node 'n1' and this object"

test.each<[string, string, string, string | true, Partial<AuthorizationAttributes>?]>([
  ['get', 'secrets s', 'ns', true],
  ['watch', 'secrets s', 'ns', true],
  ['get', 'secrets t', 'ns', unrelated],
  ['get', 'secrets', 'ns', 'No Object name found'],
  ['get', 'secrets s', '', 'can only read namespaced object of this type'],
  ['update', 'secrets s', 'ns', 'can only read resources of this type'],
  ['get', 'configmaps s', 'ns', unrelated],
  ['get', 'persistentvolumeclaims c', 'ns', true],
  ['list', 'persistentvolumeclaims c', 'ns', 'can only get individual resources of this type'],
  ['patch', 'persistentvolumeclaims:status c', 'ns', true],
  ['get', 'persistentvolumeclaims:status c', 'ns', 'can only get/update/patch this type'],
  ['get', 'persistentvolumes v', '', true],
  ['get', 'serviceaccounts sa', 'ns', true],
  ['create', 'serviceaccounts:token sa', 'ns', true],
  ['create', 'serviceaccounts:token other', 'ns', unrelated],
  ['create', 'serviceaccounts:token', 'ns', 'can only create tokens for individual service accounts'],
  ['get', 'coordination.k8s.io/leases n1', 'kube-node-lease', true],
  ['create', 'coordination.k8s.io/leases', 'kube-node-lease', true],
  [
    'get',
    'coordination.k8s.io/leases n2',
    'kube-node-lease',
    'can only access node lease with the same name as the requesting node',
  ],
  ['get', 'coordination.k8s.io/leases n1', 'ns', 'can only access leases in the "kube-node-lease" system namespace'],
  ['delete', 'storage.k8s.io/csinodes n2', '', 'can only access CSINode with the same name as the requesting node'],
  ['get', 'nodes n1', '', true],
  ['get', 'nodes n2', '', "node 'n1' cannot read 'n2', only its own Node object"],
  ['list', 'nodes', '', "node 'n1' cannot read all nodes, only its own Node object"],
  ['patch', 'nodes:status n2', '', true],
  ['delete', 'nodes n1', '', ''],
  ['get', 'pods p', 'ns', true],
  ['get', 'pods q', 'ns', unrelated],
  ['list', 'pods', '', true, { fieldSelector: 'spec.nodeName=n1' }],
  [
    'list',
    'pods',
    '',
    'can only list/watch pods with spec.nodeName field selector',
    { fieldSelector: 'spec.nodeName=n2' },
  ],
  [
    'list',
    'pods',
    '',
    'can only list/watch pods with spec.nodeName field selector',
    { fieldSelector: 'spec.nodeName!=n1' },
  ],
  ['create', 'pods:eviction p', 'ns', true],
  ['create', 'pods:binding p', 'ns', ''],
  ['get', 'resource.k8s.io/resourceslices sl', '', true],
  ['watch', 'resource.k8s.io/resourceslices', '', true, { fieldSelector: 'spec.nodeName=n1' }],
  [
    'watch',
    'resource.k8s.io/resourceslices',
    '',
    'can only list/watch/deletecollection resourceslices with nodeName field selector',
  ],
  ['list', 'services', '', true],
  ['create', 'events', 'ns', true],
  ['delete', 'services s', 'ns', ''],
])('a node may %s %s in "%s": %s', (verb, what, where, expected, rest) => {
  const decision = ask(verb, what, where, rest)
  expect(decision).toEqual(
    expected === true ? { verdict: 'allow', reason: '' } : { verdict: 'no opinion', reason: expected },
  )
})

test('only members of the group of nodes are nodes', () => {
  const silent = { verdict: 'no opinion', reason: '' }
  expect(ask('get', 'nodes n1', '', { user: { name: 'system:node:n1', groups: [] } })).toEqual(silent)
  expect(ask('get', 'nodes n1', '', { user: { name: 'n1', groups: ['system:nodes'] } })).toEqual(silent)
  expect(ask('get', 'nodes n1', '', { user: { name: 'system:node:', groups: ['system:nodes'] } })).toEqual({
    verdict: 'no opinion',
    reason: 'unknown node for user "system:node:"',
  })
})

describe('NodeUses', () => {
  const pod = (changes: Partial<NonNullable<Pod['spec']>> = {}, rest: object = {}): Pod =>
    ({
      metadata: { name: 'p', namespace: 'ns', uid: 'u' },
      spec: {
        nodeName: 'n1',
        serviceAccountName: 'sa',
        imagePullSecrets: [{ name: 'pull' }],
        containers: [
          {
            name: 'c',
            env: [{ name: 'e', valueFrom: { secretKeyRef: { name: 'env', key: 'k' } } }],
            envFrom: [{ configMapRef: { name: 'from' } }],
          },
        ],
        volumes: [
          { name: 'a', secret: { secretName: 'vol' } },
          { name: 'b', projected: { sources: [{ configMap: { name: 'proj' } }] } },
          { name: 'c', persistentVolumeClaim: { claimName: 'claim' } },
          { name: 'd', ephemeral: {} },
          { name: 'e', iscsi: { secretRef: { name: 'chap' } } },
        ],
        resourceClaims: [
          { name: 'own', resourceClaimName: 'rc' },
          { name: 'made', resourceClaimTemplateName: 't' },
        ],
        ...changes,
      },
      ...rest,
    }) as Pod

  const used = [
    ['serviceaccount', 'sa'],
    ['secret', 'pull'],
    ['secret', 'env'],
    ['secret', 'vol'],
    ['secret', 'chap'],
    ['configmap', 'from'],
    ['configmap', 'proj'],
    ['pvc', 'claim'],
    ['pvc', 'p-d'],
    ['resourceclaim', 'rc'],
  ] as const

  test('finds everything a pod uses, for as long as it is there', () => {
    const uses = new NodeUses()
    uses.changePod(pod({ nodeName: '' }), undefined)
    for (const [kind, name] of used) expect(uses.has('', kind, 'ns', name)).toBe(false)
    uses.changePod(pod(), pod({ nodeName: '' }))
    for (const [kind, name] of used) expect(uses.has('n1', kind, 'ns', name), `${kind} ${name}`).toBe(true)
    expect(uses.has('n2', 'secret', 'ns', 'vol')).toBe(false)
    expect(uses.has('n1', 'secret', 'other', 'vol')).toBe(false)
    uses.changePod(undefined, pod())
    for (const [kind, name] of used) expect(uses.has('n1', kind, 'ns', name)).toBe(false)
  })

  test('counts pods: the last one of a node ends its relation', () => {
    const uses = new NodeUses()
    uses.changePod(pod(), undefined)
    uses.changePod(pod(), undefined)
    uses.changePod(undefined, pod())
    expect(uses.has('n1', 'secret', 'ns', 'vol')).toBe(true)
    uses.changePod(undefined, pod())
    expect(uses.has('n1', 'secret', 'ns', 'vol')).toBe(false)
  })

  test('takes in claims that are made for a pod, and its ephemeral containers', () => {
    const uses = new NodeUses()
    uses.changePod(pod(), undefined)
    const made = pod({}, { status: { resourceClaimStatuses: [{ name: 'made', resourceClaimName: 'x' }] } })
    uses.changePod(made, pod())
    expect(uses.has('n1', 'resourceclaim', 'ns', 'x')).toBe(true)
    const debugged = pod(
      { ephemeralContainers: [{ name: 'd', envFrom: [{ secretRef: { name: 'new' } }] }] },
      { status: made.status },
    )
    uses.changePod(debugged, made)
    expect(uses.has('n1', 'secret', 'ns', 'new')).toBe(true)
    uses.changePod(undefined, debugged)
    expect(uses.has('n1', 'secret', 'ns', 'new')).toBe(false)
    expect(uses.has('n1', 'resourceclaim', 'ns', 'x')).toBe(false)
  })

  test('a mirror pod uses nothing', () => {
    const uses = new NodeUses()
    const annotations = { 'kubernetes.io/config.mirror': 'x' }
    uses.changePod(pod({}, { metadata: { name: 'p', namespace: 'ns', annotations } }), undefined)
    for (const [kind, name] of used) expect(uses.has('n1', kind, 'ns', name)).toBe(false)
  })

  test('finds volumes by their secrets, once they are bound', () => {
    const uses = new NodeUses()
    const volume = (bound: boolean): PersistentVolume => ({
      metadata: { name: 'v' },
      spec: {
        ...(bound ? { claimRef: { namespace: 'ns', name: 'claim' } } : {}),
        csi: {
          driver: 'd',
          volumeHandle: 'h',
          nodeStageSecretRef: { namespace: 'sys', name: 'stage' },
          controllerPublishSecretRef: { namespace: 'sys', name: 'control' },
        },
      },
    })
    uses.changeVolume(volume(false), undefined)
    expect([...uses.volumesOf('sys', 'stage')]).toEqual([])
    uses.changeVolume(volume(true), volume(false))
    expect([...uses.volumesOf('sys', 'stage')]).toEqual(['v'])
    expect([...uses.volumesOf('sys', 'control')]).toEqual([])
    uses.changeVolume(undefined, volume(true))
    expect([...uses.volumesOf('sys', 'stage')]).toEqual([])
  })
})
