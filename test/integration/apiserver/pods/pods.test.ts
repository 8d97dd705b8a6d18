import { expect, test } from 'vitest'
import { merge, pod, podOf, podsUrl, serverWith, statusOf, strategic } from './bench.ts'

test('a new pod waits, and gets what its spec leaves out', async () => {
  await using server = await serverWith()
  const limits = { cpu: '1', memory: '1Gi' }
  const answer = await server.request(
    'POST',
    podsUrl,
    pod('a', {
      hostNetwork: true,
      containers: [{ name: 'c', image: 'i', resources: { limits }, ports: [{ containerPort: 80 }] }],
      volumes: [{ name: 'v' }, { name: 'h', hostPath: { path: '/x' } }],
      serviceAccount: 'robot',
    }),
  )
  const { metadata, spec, status } = podOf(answer)
  expect(metadata.generation).toBe(1)
  expect(status).toEqual({ phase: 'Pending', qosClass: 'Guaranteed' })
  expect(spec).toEqual({
    volumes: [
      { name: 'v', emptyDir: {} },
      { name: 'h', hostPath: { path: '/x', type: '' } },
    ],
    containers: [
      {
        name: 'c',
        image: 'i',
        ports: [{ containerPort: 80, hostPort: 80, protocol: 'TCP' }],
        resources: { limits, requests: limits },
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'Always',
      },
    ],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'robot',
    serviceAccount: 'robot',
    hostNetwork: true,
    securityContext: {},
    schedulerName: 'default-scheduler',
    enableServiceLinks: true,
  })
})

test('a gated pod says so, and selectors take the values of its labels in', async () => {
  const constraint = {
    maxSkew: 1,
    topologyKey: 'zone',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: { matchLabels: { app: 'x' } },
    matchLabelKeys: ['version', 'absent'],
  }
  const spec = { schedulingGates: [{ name: 'example.com/g' }], topologySpreadConstraints: [constraint] }
  await using server = await serverWith(pod('a', spec, { labels: { version: '7' } }))
  const made = podOf(await server.request('GET', `${podsUrl}/a`))
  expect(made.status?.conditions).toMatchObject([{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }])
  expect(made.spec?.topologySpreadConstraints?.[0]?.labelSelector).toEqual({
    matchLabels: { app: 'x' },
    matchExpressions: [{ key: 'version', operator: 'In', values: ['7'] }],
  })
})

test('an AppArmor annotation becomes a field, with a warning', async () => {
  await using server = await serverWith()
  const key = 'container.apparmor.security.beta.kubernetes.io/c'
  const answer = await server.request('POST', podsUrl, pod('a', {}, { annotations: { [key]: 'localhost/p' } }))
  const profile = podOf(answer).spec?.containers[0]?.securityContext?.appArmorProfile
  expect(profile).toEqual({ type: 'Localhost', localhostProfile: 'p' })
  expect(answer.headers['warning']).toContain('deprecated since v1.30')
})

test('a deletion without a node is at once, with one it is graceful, and can only get shorter', async () => {
  await using server = await serverWith(pod('free'), pod('bound', { nodeName: 'n' }))
  const free = await server.request('DELETE', `${podsUrl}/free`)
  expect(podOf(free).metadata).toMatchObject({ deletionGracePeriodSeconds: 0 })
  expect((await server.request('GET', `${podsUrl}/free`)).code).toBe(404)

  const remove = async (seconds?: number): Promise<unknown> =>
    podOf(
      await server.request(
        'DELETE',
        `${podsUrl}/bound`,
        seconds === undefined ? {} : { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: seconds },
      ),
    ).metadata
  expect(await remove()).toMatchObject({
    generation: 2,
    deletionGracePeriodSeconds: 30,
    deletionTimestamp: '2026-01-01T00:00:30Z',
  })
  expect(await remove(60)).toMatchObject({ deletionGracePeriodSeconds: 30 })
  expect(await remove(10)).toMatchObject({
    generation: 2,
    deletionGracePeriodSeconds: 10,
    deletionTimestamp: '2026-01-01T00:00:10Z',
  })
  await remove(0)
  expect((await server.request('GET', `${podsUrl}/bound`)).code).toBe(404)
})

test('a pod is bound once, by either path, with what the binding adds', async () => {
  await using server = await serverWith(pod('a'), pod('b'))
  const binding = (name: string, metadata: object = {}): object => ({
    kind: 'Binding',
    apiVersion: 'v1',
    metadata: { name, ...metadata },
    target: { kind: 'Node', name: 'n' },
  })
  await server.request('PATCH', `${podsUrl}/a/status`, { status: { nominatedNodeName: 'n' } }, merge)
  const first = await server.request('POST', `${podsUrl}/a/binding`, binding('a', { labels: { zone: 'z' } }))
  expect(first.body).toEqual({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 })
  const bound = podOf(await server.request('GET', `${podsUrl}/a`))
  expect(bound.spec?.nodeName).toBe('n')
  expect(bound.metadata.labels).toEqual({ zone: 'z' })
  expect(bound.status).toEqual({
    phase: 'Pending',
    qosClass: 'BestEffort',
    conditions: [
      { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: '2026-01-01T00:00:00Z' },
    ],
  })

  const nameless = await server.request('POST', '/api/v1/namespaces/default/bindings', {
    target: { kind: 'Node', name: 'n' },
  })
  expect([nameless.code, statusOf(nameless).message]).toEqual([400, 'Name parameter required.'])
  const again = await server.request('POST', `${podsUrl}/a/binding`, binding('a'))
  expect(statusOf(again).message).toBe(
    'Operation cannot be fulfilled on pods/binding "a": pod a is already assigned to node "n"',
  )
  const other = await server.request('POST', `${podsUrl}/b/binding`, binding('b', { uid: 'x' }))
  expect(other.code).toBe(409)
  await server.request('POST', '/api/v1/namespaces/default/bindings', binding('b'))
  const selected = await server.request('GET', `${podsUrl}?fieldSelector=spec.nodeName%3Dn`)
  expect((selected.body as { items: unknown[] }).items).toHaveLength(2)
})

test('a status keeps its class of service and the generations it saw, and touches nothing else', async () => {
  await using server = await serverWith(pod('a', { restartPolicy: 'Never' }))
  const put = async (status: object): Promise<unknown> => {
    const live = podOf(await server.request('GET', `${podsUrl}/a`))
    const answer = await server.request('PUT', `${podsUrl}/a/status`, { ...live, spec: { containers: [] }, status })
    return answer.code === 200 ? podOf(answer) : answer.body
  }
  const condition = { type: 'Ready', status: 'True', observedGeneration: 1 }
  const terminated = {
    name: 'c',
    state: { terminated: { exitCode: 0 } },
    ready: false,
    restartCount: 0,
    image: 'i',
    imageID: '',
  }
  await put({ phase: 'Running', observedGeneration: 1, conditions: [condition], podIP: '10.0.0.1' })
  const after = await put({
    phase: 'Succeeded',
    conditions: [{ type: 'Ready', status: 'False' }],
    podIPs: [{ ip: '10.0.0.2' }],
    containerStatuses: [terminated],
  })
  expect(after).toMatchObject({
    spec: { containers: [{ name: 'c' }] },
    status: {
      phase: 'Succeeded',
      qosClass: 'BestEffort',
      observedGeneration: 1,
      podIP: '10.0.0.2',
      conditions: [{ type: 'Ready', status: 'False', observedGeneration: 1 }],
    },
  })
  expect(await put({ phase: 'Running', containerStatuses: [{ ...terminated, state: { running: {} } }] })).toMatchObject(
    {
      message:
        'Pod "a" is invalid: status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state',
    },
  )
})

test('ephemeral containers come and stay', async () => {
  await using server = await serverWith(pod('a'))
  const add = (container: object): ReturnType<typeof server.request> =>
    server.request(
      'PATCH',
      `${podsUrl}/a/ephemeralcontainers`,
      { metadata: { labels: { x: 'y' } }, spec: { ephemeralContainers: [container], nodeName: 'n' } },
      strategic,
    )
  const { metadata, spec } = podOf(await add({ name: 'e', image: 'b', targetContainerName: 'c' }))
  expect(metadata).toMatchObject({ generation: 2 })
  expect(metadata.labels).toBeUndefined()
  expect(spec?.nodeName).toBeUndefined()
  expect(spec?.ephemeralContainers).toMatchObject([{ name: 'e', image: 'b' }])
  const changed = statusOf(await add({ name: 'e', image: 'other' }))
  expect(changed.message).toContain('existing ephemeral containers "e" may not be changed\n@@ ')
  expect(changed.message).toContain('- "Image": "b",\n+ "Image": "other",\n')
  expect(statusOf(await add({ name: 'c', image: 'b' })).message).toContain(
    'spec.ephemeralContainers[0].name: Duplicate value: "c"',
  )
})

test('a resize changes cpu and memory, within the class of service', async () => {
  const requests = { cpu: '100m', 'ephemeral-storage': '1Gi' }
  await using server = await serverWith(pod('a', { containers: [{ name: 'c', image: 'i', resources: { requests } }] }))
  const resize = (resources: object): ReturnType<typeof server.request> =>
    server.request('PATCH', `${podsUrl}/a/resize`, { spec: { containers: [{ name: 'c', resources }] } }, strategic)
  const { metadata, spec } = podOf(await resize({ requests: { cpu: '200m' } }))
  expect(metadata.generation).toBe(2)
  expect(spec?.containers[0]?.resources).toEqual({ requests: { ...requests, cpu: '200m' } })
  expect(statusOf(await resize({ requests: { 'ephemeral-storage': '2Gi' } })).message).toContain(
    'spec: Forbidden: only cpu and memory resources are mutable',
  )
  expect(statusOf(await resize({ requests: { cpu: null } })).message).toContain(
    'spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed',
  )
})

test('the status of a pod with limits is patched as it is, of the pod as a whole too', async () => {
  await using server = await serverWith()
  const limits = { cpu: '1', memory: '1Gi' }
  const containers = [{ name: 'a', image: 'a', resources: { limits } }]
  await server.request('POST', '/api/v1/namespaces/default/pods', {
    metadata: { name: 'limited' },
    spec: { containers, resources: { limits: { cpu: '2' } }, serviceAccountName: 'robot' },
  })
  const { code, body } = await server.request(
    'PATCH',
    '/api/v1/namespaces/default/pods/limited/status',
    { status: { phase: 'Running' } },
    { 'content-type': 'application/strategic-merge-patch+json' },
  )
  expect(code).toBe(200)
  expect(body).toMatchObject({ spec: { containers: [{ resources: { limits, requests: limits } }] } })
})

test.each([
  ['2026-01-01T00:00:00Z', /^7 \(\d+\w+ ago\)$/],
  ['1960-01-01T00:00:00Z', /^7 \(\d+y ago\)$/],
  [null, /^7$/],
])('a table tells how long ago a run ended at %s', async (finishedAt, cell) => {
  await using server = await serverWith()
  await server.request('POST', podsUrl, pod('a', {}))
  const lastState = { terminated: { exitCode: 1, finishedAt } }
  const containerStatuses = [{ name: 'c', image: 'i', imageID: '', ready: true, restartCount: 7, lastState }]
  await server.request('PATCH', `${podsUrl}/a/status`, { status: { containerStatuses } }, merge)
  const { body } = await server.request('GET', `${podsUrl}/a`, undefined, {
    accept: 'application/json;as=Table;g=meta.k8s.io;v=v1',
  })
  const { rows } = body as { readonly rows: readonly { readonly cells: readonly unknown[] }[] }
  expect(rows[0]?.cells[3]).toMatch(cell)
})
