import { expect, test } from 'vitest'
import type { Pod } from '#api/core/v1'
import type { DeviceClass, DeviceRequest, ResourceClaim } from '#api/resource/v1'
import { resourceListOf } from '#machinery'
import type { KubeObject } from '#machinery'
import type { QuotaLookup } from '../lookup.ts'
import { resourceClaimEvaluator } from './resource-claims.ts'

const namespace = 'ns'
const exactly = { deviceClassName: 'gpu', allocationMode: 'ExactCount', count: 1 } as const
const one = { name: 'r', exactly }
const gpuClass: DeviceClass = { metadata: { name: 'gpu' }, spec: { extendedResourceName: 'example.com/gpu' } }
const own = 'gpu.deviceclass.resource.k8s.io/devices'
const implicit = 'requests.deviceclass.resource.kubernetes.io/gpu'
const explicit = 'requests.example.com/gpu'

const claim = (requests: readonly DeviceRequest[], metadata: object = {}): ResourceClaim => ({
  metadata: { namespace, name: 'foo', ...metadata },
  spec: { devices: { requests } },
})

/** A claim as the scheduler makes it for the extended resources of a pod. */
const ofPod = (requests: readonly DeviceRequest[], metadata: object = {}): ResourceClaim =>
  claim(requests, {
    annotations: { 'resource.kubernetes.io/extended-resource-claim': 'true' },
    ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'uid', controller: true }],
    ...metadata,
  })

const pod = (requests: { readonly [name: string]: string }, told?: string, spec: object = {}): Pod => ({
  metadata: { namespace, name: 'p', uid: 'uid' },
  spec: { containers: [{ name: 'c', image: 'i', resources: { requests, limits: requests } }], ...spec },
  status: told === undefined ? {} : { extendedResourceClaimStatus: { resourceClaimName: told, requestMappings: [] } },
})

function known({
  classes = [],
  pods = [],
  claims = [],
}: {
  readonly classes?: readonly DeviceClass[]
  readonly pods?: readonly Pod[]
  readonly claims?: readonly ResourceClaim[]
}): QuotaLookup {
  const all: { readonly [plural: string]: readonly KubeObject[] } = {
    deviceclasses: classes,
    pods,
    resourceclaims: claims,
  }
  return {
    peek: <T extends KubeObject>(_: string, plural: string, inside: string, name: string) =>
      all[plural]?.find(({ metadata }) => metadata.name === name && (metadata.namespace ?? '') === inside) as T,
    peekAll: <T extends KubeObject>(_: string, plural: string) => (all[plural] ?? []) as readonly T[],
  }
}

const usedBy = (object: ResourceClaim, lookup: QuotaLookup = known({})): object =>
  resourceListOf(resourceClaimEvaluator(lookup).usage(object, 0))

const count = { 'count/resourceclaims.resource.k8s.io': '1' }
const alternatives = (...some: readonly object[]): DeviceRequest => ({
  name: 'r',
  firstAvailable: some.map((each, index) => ({ ...exactly, name: `s${index}`, ...each })),
})

test.each<readonly [string, readonly DeviceRequest[], object]>([
  ['one device', [one], { [own]: '1', [implicit]: '1' }],
  ['many requests', [one, one, one, one, one], { [own]: '5', [implicit]: '5' }],
  ['a count', [{ name: 'r', exactly: { ...exactly, count: 5 } }], { [own]: '5', [implicit]: '5' }],
  ['all', [{ name: 'r', exactly: { ...exactly, allocationMode: 'All' } }], { [own]: '32', [implicit]: '32' }],
  ['a mode of tomorrow', [{ name: 'r', exactly: { ...exactly, allocationMode: 'x' } } as never], { [own]: '0' }],
  ['administrators', [{ name: 'r', exactly: { ...exactly, adminAccess: true } }], { [own]: '1', [implicit]: '1' }],
  ['an alternative', [alternatives({})], { [own]: '1', [implicit]: '1' }],
  ['the most of several', [alternatives({ count: 2 }, {})], { [own]: '2', [implicit]: '2' }],
  [
    'several classes',
    [alternatives({}, { deviceClassName: 'tpu', allocationMode: 'All' })],
    {
      [own]: '1',
      [implicit]: '1',
      'tpu.deviceclass.resource.k8s.io/devices': '32',
      'requests.deviceclass.resource.kubernetes.io/tpu': '32',
    },
  ],
])('devices count by their class, and as the extended resource that it has by itself: %s', (_, requests, used) => {
  expect(usedBy(claim(requests))).toEqual({ ...count, ...used })
})

test('devices count as the extended resource that their class names as well', () => {
  expect(usedBy(claim([one]), known({ classes: [gpuClass] }))).toEqual({
    ...count,
    [own]: '1',
    [implicit]: '1',
    [explicit]: '1',
  })
})

const classes = [gpuClass]
const two = { name: 'r', exactly: { ...exactly, count: 2 } }
const both = { 'example.com/gpu': '1', 'deviceclass.resource.kubernetes.io/gpu': '1' }

test.each<readonly [string, ResourceClaim, QuotaLookup, object]>([
  ['by name', ofPod([one]), known({ classes, pods: [pod({ 'example.com/gpu': '1' }, 'foo')] }), { [implicit]: '1' }],
  [
    'by class',
    ofPod([one]),
    known({ classes, pods: [pod({ 'deviceclass.resource.kubernetes.io/gpu': '1' }, 'foo')] }),
    { [explicit]: '1' },
  ],
  ['both ways', ofPod([two]), known({ classes, pods: [pod(both, 'foo')] }), { [implicit]: '1', [explicit]: '1' }],
  [
    'before its status tells of the claim',
    ofPod([two]),
    known({ classes, pods: [pod(both)], claims: [ofPod([two])] }),
    { [implicit]: '1', [explicit]: '1' },
  ],
])('a claim counts for what its pod does not count for already: %s', (_, object, lookup, left) => {
  const { [own]: devices, ...used } = usedBy(object, lookup) as { readonly [name: string]: string }
  expect(devices).toBe(String(object.spec.devices?.requests?.[0]?.exactly?.count))
  expect(used).toEqual({ ...count, ...left })
})

const whole = { [implicit]: '2', [explicit]: '2' }
const asked = pod(both)
test.each<readonly [string, ResourceClaim, QuotaLookup]>([
  ['no such pod', ofPod([two]), known({ classes })],
  [
    'another pod of the name',
    ofPod([two]),
    known({ classes, pods: [{ ...asked, metadata: { ...asked.metadata, uid: 'b' } }] }),
  ],
  ['another claim in its status', ofPod([two]), known({ classes, pods: [pod(both, 'bar')] })],
  [
    'an older claim of the pod',
    ofPod([two], { creationTimestamp: '2026-01-02T00:00:00Z' }),
    known({ classes, pods: [asked], claims: [ofPod([two], { name: 'z', creationTimestamp: '2026-01-01T00:00:00Z' })] }),
  ],
  [
    'one as old that comes first by name',
    ofPod([two]),
    known({ classes, pods: [asked], claims: [ofPod([two], { name: 'a' })] }),
  ],
  ['not made by the scheduler', ofPod([two], { annotations: {} }), known({ classes, pods: [pod(both, 'foo')] })],
  ['not owned', ofPod([two], { ownerReferences: [] }), known({ classes, pods: [pod(both, 'foo')] })],
  [
    'a pod that has ended',
    ofPod([two]),
    known({ classes, pods: [{ ...pod(both, 'foo'), status: { ...pod(both, 'foo').status, phase: 'Succeeded' } }] }),
  ],
])('a claim counts whole where no pod counts for it: %s', (_, object, lookup) => {
  expect(usedBy(object, lookup)).toEqual({ ...count, [own]: '2', ...whole })
})

test('claims use extended resources that a class of devices stands for', () => {
  const evaluator = resourceClaimEvaluator(known({ classes }))
  const names = [
    'count/resourceclaims.resource.k8s.io',
    own,
    explicit,
    implicit,
    'requests.deviceclass.resource.kubernetes.io/other',
    'requests.example.com/other',
    'requests.storage',
    'example.com/gpu',
    'resourceclaims',
    'bronze.deviceclass.resource.k8s.io/storage',
    'gpu.storage.k8s.io/requests.storage',
  ]
  expect(names.filter((name) => evaluator.covers(name))).toEqual(names.slice(0, 4))
})
