import { describe, expect, test } from 'vitest'
import type { Pod } from '#api/core/v1'
import type { KubeObject, Status } from '#machinery'
import { startClusterServer } from './server.ts'
import type { Answer, TestServer } from './server.ts'

const pods = '/api/v1/namespaces/default/pods'
const container = { name: 'c', image: 'i' }
const node = { name: 'system:node:n1', groups: ['system:nodes', 'system:authenticated'] }

/** Of a key on P-256, for the name `x`. */
const request = `-----BEGIN CERTIFICATE REQUEST-----
MIHGMG4CAQAwDDEKMAgGA1UEAwwBeDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
BGuo5h8TgfNxGqb1LZ5Ksf5dBAIX05u+2KUu0uH60dkdjcuFayHFngpmB0T1KH08
lUQpUHxYQEbE0vTwYVj0nkegADAKBggqhkjOPQQDAgNIADBFAiBzhzvCWHaJKl0R
wchkAR2ElDVz9WrTPYilqwl6yE/4yAIhANHpGyu01J5YhpjALjIvIMnCDtBxplLa
0rpOoIaCvJEf
-----END CERTIFICATE REQUEST-----
`

const message = ({ body }: Answer): string | undefined => (body as Status).message

async function withAccount(server: TestServer, extra: object = {}): Promise<void> {
  await server.request('POST', '/api/v1/namespaces/default/serviceaccounts', {
    metadata: { name: 'default' },
    ...extra,
  })
}

const pod = (spec: object = {}, name = 'p'): object => ({
  metadata: { name },
  spec: { containers: [container], ...spec },
})

test('nothing is created in a namespace that is missing or going, and three namespaces stay for ever', async () => {
  await using server = await startClusterServer()
  expect(message(await server.request('POST', '/api/v1/namespaces/none/configmaps', { metadata: { name: 'a' } }))).toBe(
    'namespaces "none" not found',
  )
  expect(message(await server.request('DELETE', '/api/v1/namespaces/kube-system'))).toBe(
    'namespaces "kube-system" is forbidden: this namespace may not be deleted',
  )
})

test('a pod gets its account, the account’s token where containers look for it, and its pull secrets', async () => {
  await using server = await startClusterServer()
  await withAccount(server, { imagePullSecrets: [{ name: 'registry' }] })
  const { code, body } = await server.request('POST', pods, pod())
  expect(code).toBe(201)
  const { spec } = body as Pod
  const [volume] = spec.volumes ?? []
  expect(volume?.name).toMatch(/^kube-api-access-[a-z0-9]{5}$/)
  expect(volume?.projected?.sources).toHaveLength(3)
  expect(spec).toMatchObject({
    serviceAccountName: 'default',
    imagePullSecrets: [{ name: 'registry' }],
    containers: [
      {
        volumeMounts: [
          { name: volume?.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
        ],
      },
    ],
    priority: 0,
    preemptionPolicy: 'PreemptLowerPriority',
    tolerations: [
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
    ],
  })
  expect(message(await server.request('POST', pods, pod({ serviceAccountName: 'other' }, 'q')))).toBe(
    'pods "q" is forbidden: error looking up service account default/other: serviceaccount "other" not found',
  )
})

test('priorities come from classes, and from nowhere else', async () => {
  await using server = await startClusterServer()
  await withAccount(server)
  const { body } = await server.request('POST', pods, pod({ priorityClassName: 'system-node-critical' }))
  expect((body as Pod).spec.priority).toBe(2_000_001_000)
  expect(message(await server.request('POST', pods, pod({ priority: 5 }, 'q')))).toBe(
    'pods "q" is forbidden: the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
  )
})

test('limit ranges fill in what containers leave open, and refuse what is outside', async () => {
  await using server = await startClusterServer()
  await withAccount(server)
  const limits = [{ type: 'Container', default: { cpu: '500m' }, defaultRequest: { cpu: '100m' }, max: { cpu: '1' } }]
  await server.request('POST', '/api/v1/namespaces/default/limitranges', { metadata: { name: 'l' }, spec: { limits } })
  const { body } = await server.request('POST', pods, pod())
  expect(body).toMatchObject({
    metadata: {
      annotations: {
        'kubernetes.io/limit-ranger': 'LimitRanger plugin set: cpu request for container c; cpu limit for container c',
      },
    },
    spec: { containers: [{ resources: { requests: { cpu: '100m' }, limits: { cpu: '500m' } } }] },
  })
  const much = pod({ containers: [{ ...container, resources: { limits: { cpu: '2' } } }] }, 'q')
  expect(message(await server.request('POST', pods, much))).toBe(
    'pods "q" is forbidden: maximum cpu usage per Container is 1, but limit is 2',
  )
})

test('a kubelet writes its own node without taints and foreign labels, and its own lease', async () => {
  await using server = await startClusterServer({ enable: ['NodeRestriction'] })
  const asNode = async (method: string, url: string, body: object): Promise<Answer> =>
    server.request(method, url, body, {}, node)
  expect((await asNode('POST', '/api/v1/nodes', { metadata: { name: 'n1' } })).code).toBe(201)
  expect(message(await asNode('POST', '/api/v1/nodes', { metadata: { name: 'n2' } }))).toContain(
    'node "n1" is not allowed to modify node "n2"',
  )
  const own = (await server.request('GET', '/api/v1/nodes/n1')).body as KubeObject
  const labelled = { ...own, metadata: { ...own.metadata, labels: { 'node-restriction.kubernetes.io/x': 'y' } } }
  expect(message(await asNode('PUT', '/api/v1/nodes/n1', labelled))).toBe(
    'nodes "n1" is forbidden: is not allowed to modify labels: node-restriction.kubernetes.io/x',
  )
  expect(message(await asNode('PUT', '/api/v1/nodes/n1', { ...own, spec: {} }))).toBe(
    'nodes "n1" is forbidden: node "n1" is not allowed to modify taints',
  )
})

test('whoever signs certificates needs the right to their signer as well', async () => {
  await using server = await startClusterServer()
  const rbac = '/apis/rbac.authorization.k8s.io/v1'
  const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
  const allow = async (name: string, rule: object): Promise<void> => {
    await server.request('POST', `${rbac}/clusterroles`, { metadata: { name }, rules: [{ verbs: ['*'], ...rule }] })
    await server.request('POST', `${rbac}/clusterrolebindings`, {
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'bob' }],
    })
  }
  const bob = { name: 'bob', groups: ['system:authenticated'] }
  await allow('requests', { apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests/status'] })
  const created = await server.request('POST', requests, {
    metadata: { name: 'r' },
    spec: { request: btoa(request), signerName: 'example.com/s', usages: ['digital signature'] },
  })
  expect(created.code).toBe(201)
  const conditions = [{ type: 'Failed', status: 'True', reason: 'Bad', message: '' }]
  const signed = { ...(created.body as KubeObject), status: { conditions } }
  const sign = async (): Promise<Answer> => server.request('PUT', `${requests}/r/status`, signed, {}, bob)
  expect(message(await sign())).toBe(
    'certificatesigningrequests.certificates.k8s.io "r" is forbidden: user not permitted to sign requests with signerName "example.com/s"',
  )
  await allow('signers', {
    apiGroups: ['certificates.k8s.io'],
    resources: ['signers'],
    resourceNames: ['example.com/*'],
  })
  expect((await sign()).code).toBe(200)
})

test('a namespace with a quota takes what there is room for, however many ask at once', async () => {
  await using server = await startClusterServer()
  await withAccount(server)
  const quotas = '/api/v1/namespaces/default/resourcequotas'
  const hard = { 'requests.cpu': '1', 'count/configmaps': '1', pods: '10' }
  const quota = (await server.request('POST', quotas, { metadata: { name: 'q' }, spec: { hard } })).body as KubeObject
  const asking = pod({ containers: [{ ...container, resources: { requests: { cpu: '300m' } } }] }, 'a')
  expect(message(await server.request('POST', pods, asking))).toBe(undefined)
  await server.request('DELETE', `${pods}/a`)
  const used = { 'requests.cpu': '0', 'count/configmaps': '0', pods: '0' }
  await server.request('PUT', `${quotas}/q/status`, { ...quota, metadata: { name: 'q' }, status: { hard, used } })
  const answers = await Promise.all(
    ['b', 'c', 'd', 'e', 'f'].map(async (name) => server.request('POST', pods, { ...asking, metadata: { name } })),
  )
  expect(answers.map(({ code }) => code).sort((a, b) => a - b)).toEqual([201, 201, 201, 403, 403])
  expect(message(answers.find(({ code }) => code === 403) as Answer)).toMatch(
    /^pods "\w" is forbidden: exceeded quota: q, requested: requests.cpu=300m, used: requests.cpu=900m, limited: requests.cpu=1$/,
  )
  expect((await server.request('GET', `${quotas}/q`)).body).toMatchObject({
    status: { used: { pods: '3', 'requests.cpu': '900m' } },
  })
  expect(message(await server.request('POST', pods, pod({}, 'g')))).toBe(
    'pods "g" is forbidden: failed quota: q: must specify requests.cpu for: c',
  )
})

describe('Pod Security Standards', () => {
  const namespace = async (server: TestServer, labels: object): Promise<Answer> =>
    server.request('POST', '/api/v1/namespaces', { metadata: { name: 'safe', labels } })
  const into = '/api/v1/namespaces/safe'
  const label = (mode: string): string => `pod-security.kubernetes.io/${mode}`

  test('a pod that goes beyond the baseline is refused with all that is wrong', async () => {
    await using server = await startClusterServer({ disable: ['ServiceAccount'] })
    await namespace(server, { [label('enforce')]: 'baseline' })
    const bad = pod({
      hostPID: true,
      containers: [
        { ...container, securityContext: { privileged: true, capabilities: { add: ['NET_ADMIN', 'CHOWN'] } } },
      ],
      volumes: [{ name: 'v', hostPath: { path: '/' } }],
    })
    const refusal = await server.request('POST', `${into}/pods`, bad)
    expect(refusal.code).toBe(403)
    expect(message(refusal)).toBe(
      'pods "p" is forbidden: violates PodSecurity "baseline:latest": non-default capabilities (container "c" must not include "NET_ADMIN" in securityContext.capabilities.add), host namespaces (hostPID=true), hostPath volumes (volume "v"), privileged (container "c" must not set securityContext.privileged=true)',
    )
  })

  test('a restricted namespace takes pods that give up what they do not need, and warns of others’ controllers', async () => {
    await using server = await startClusterServer({ disable: ['ServiceAccount'] })
    await namespace(server, { [label('enforce')]: 'restricted' })
    const securityContext = {
      allowPrivilegeEscalation: false,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    }
    const good = pod({ containers: [{ ...container, securityContext }] })
    expect((await server.request('POST', `${into}/pods`, good)).code).toBe(201)
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [container] } }
    const deployment = { metadata: { name: 'd' }, spec: { selector: { matchLabels: { a: 'b' } }, template } }
    const answer = await server.request('POST', '/apis/apps/v1/namespaces/safe/deployments', deployment)
    expect(answer.code).toBe(201)
    expect(answer.headers['warning']).toContain(
      'would violate PodSecurity \\"restricted:latest\\": allowPrivilegeEscalation != false (container \\"c\\" must set securityContext.allowPrivilegeEscalation=false)',
    )
  })

  test('labels that can’t be read are refused, and stricter ones tell of the pods that are there', async () => {
    await using server = await startClusterServer({ disable: ['ServiceAccount'] })
    expect(message(await namespace(server, { [label('enforce')]: 'none' }))).toBe(
      'Namespace "safe" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "none": must be one of privileged, baseline, restricted',
    )
    await namespace(server, {})
    await server.request('POST', `${into}/pods`, pod({ hostNetwork: true }))
    const stricter = { metadata: { labels: { [label('enforce')]: 'baseline' } } }
    const answer = await server.request('PATCH', into, stricter, { 'content-type': 'application/merge-patch+json' })
    expect(answer.headers['warning']).toBe(
      '299 - "existing pods in namespace \\"safe\\" violate the new PodSecurity enforce level \\"baseline:latest\\"", 299 - "p: host namespaces"',
    )
  })
})
