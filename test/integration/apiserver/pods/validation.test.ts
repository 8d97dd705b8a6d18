import { expect, test } from 'vitest'
import { startTestServer } from '../server.ts'
import { causesOf, merge, pod, podsUrl, serverWith } from './bench.ts'

/** What is wrong with a pod's spec, and what is said of it. */
const refused: readonly (readonly [subject: string, spec: object, causes: readonly string[]])[] = [
  [
    'container names and images',
    {
      containers: [
        { name: 'c', image: '' },
        { name: 'c', image: ' i' },
      ],
    },
    [
      'spec.containers[0].image: Required value',
      'spec.containers[1].name: Duplicate value: "c"',
      'spec.containers[1].image: Invalid value: " i": must not have leading or trailing whitespace',
    ],
  ],
  [
    'ports',
    {
      containers: [
        {
          name: 'c',
          image: 'i:1',
          ports: [
            { name: 'Web', containerPort: 0 },
            { containerPort: 80, hostPort: 70000, protocol: 'X' },
          ],
        },
      ],
    },
    [
      'spec.containers[0].ports[0].name: Invalid value: "Web": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      'spec.containers[0].ports[0].containerPort: Required value',
      'spec.containers[0].ports[1].hostPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
      'spec.containers[0].ports[1].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP"',
    ],
  ],
  [
    'environment',
    {
      containers: [
        {
          name: 'c',
          image: 'i:1',
          env: [{ name: '' }, { name: 'A', value: 'v', valueFrom: { fieldRef: { fieldPath: 'spec.x' } } }],
        },
      ],
    },
    [
      'spec.containers[0].env[0].name: Required value',
      'spec.containers[0].env[1].valueFrom.fieldRef.fieldPath: Invalid value: "spec.x": error converting fieldPath: field label not supported: spec.x',
      'spec.containers[0].env[1].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
    ],
  ],
  [
    'resources',
    {
      containers: [{ name: 'c', image: 'i:1', resources: { requests: { cpu: '2', gpu: '1' }, limits: { cpu: '1' } } }],
    },
    [
      'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
      'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
      'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers',
    ],
  ],
  [
    'mounts',
    {
      containers: [{ name: 'c', image: 'i:1', volumeMounts: [{ name: 'no', mountPath: '' }] }],
      volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '../x' } }],
    },
    [
      'spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type',
      'spec.containers[0].volumeMounts[0].name: Not found: "no"',
      'spec.containers[0].volumeMounts[0].mountPath: Required value',
    ],
  ],
  [
    'probes',
    { containers: [{ name: 'c', image: 'i:1', livenessProbe: { httpGet: { port: 0 }, successThreshold: 2 } }] },
    [
      'spec.containers[0].livenessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive',
      'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
    ],
  ],
  [
    'security',
    {
      containers: [
        {
          name: 'c',
          image: 'i:1',
          securityContext: { privileged: true, allowPrivilegeEscalation: false, runAsUser: -1 },
        },
      ],
    },
    [
      'spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive',
      'spec.containers[0].securityContext: Invalid value: {"Capabilities":null,"Privileged":true,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":-1,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
    ],
  ],
  [
    'tolerations',
    { tolerations: [{ operator: 'Equal' }, { key: 'k', operator: 'Exists', value: 'v', tolerationSeconds: 5 }] },
    [
      'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
      'spec.tolerations[1].effect: Invalid value: "": effect must be \'NoExecute\' when `tolerationSeconds` is set',
      'spec.tolerations[1].operator: Invalid value: "v": value must be empty when `operator` is \'Exists\'',
    ],
  ],
  [
    'spread',
    { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'No' }] },
    [
      'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
      'spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty',
      'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "No": supported values: "DoNotSchedule", "ScheduleAnyway"',
    ],
  ],
  [
    'affinity',
    {
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
        podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: '' }] },
      },
    },
    [
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term',
      'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty',
      'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must be non-empty',
      "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ],
  [
    'names and policies',
    { restartPolicy: 'Maybe', dnsPolicy: 'None', hostname: 'A', schedulingGates: [{ name: 'a' }, { name: 'a' }] },
    [
      'spec.restartPolicy: Unsupported value: "Maybe": supported values: "Always", "OnFailure", "Never"',
      'spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None',
      'spec.schedulingGates[1]: Duplicate value: "a"',
      "spec.hostname: Invalid value: \"A\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
]

test.each(refused)('refuses a pod whose %s are wrong', async (_subject, spec, causes) => {
  await using server = await startTestServer()
  const answer = await server.request('POST', podsUrl, pod('a', spec))
  expect(answer.code).toBe(422)
  expect(causesOf(answer)).toEqual(causes)
})

test('what may not change is shown as a difference of the whole spec', async () => {
  await using server = await serverWith(pod('a', { hostname: 'before' }))
  const answer = await server.request('PATCH', `${podsUrl}/a`, { spec: { hostname: 'after' } }, merge)
  expect(answer.code).toBe(422)
  expect(causesOf(answer)[0]).toContain('\n- "Hostname": "before",\n+ "Hostname": "after",\n')
})

test('templates of claims have their metadata in the difference', async () => {
  const template = { metadata: { labels: { b: '1', a: '2' } }, spec: { accessModes: ['ReadWriteOnce'] } }
  const volumeClaimTemplate = { ...template, spec: { ...template.spec, resources: { requests: { storage: '1Gi' } } } }
  const volumes = [{ name: 'v', ephemeral: { volumeClaimTemplate } }]
  await using server = await serverWith(pod('a', { volumes }))
  const changed = [{ name: 'w', ephemeral: { volumeClaimTemplate } }]
  const answer = await server.request('PUT', `${podsUrl}/a`, pod('a', { volumes: changed }))
  expect(causesOf(answer)[0]).toContain('pod updates may not change fields other than')
})

test('ephemeral containers come without a resource version, and stay', async () => {
  await using server = await serverWith(pod('a'))
  const url = `${podsUrl}/a/ephemeralcontainers`
  const ephemeralContainers = [{ name: 'e', image: 'x' }]
  expect(await server.request('PUT', url, pod('a', { ephemeralContainers }))).toMatchObject({ code: 200 })
  const gone = await server.request('PUT', url, pod('a'))
  expect(causesOf(gone)).toEqual([
    'spec.ephemeralContainers: Forbidden: existing ephemeral containers "e" may not be removed\n',
  ])
})

test('of new scheduling gates with one name the last is told', async () => {
  await using server = await serverWith(pod('a', { schedulingGates: [{ name: 'x' }] }))
  const schedulingGates = [{ name: 'y' }, { name: 'y' }]
  const causes = causesOf(await server.request('PUT', `${podsUrl}/a`, pod('a', { schedulingGates })))
  expect(causes.filter((cause) => cause.includes('new scheduling gate'))).toEqual([
    "spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'y'",
  ])
})

test('a gated pod keeps the terms that nodes are selected by, and is told what it would have instead', async () => {
  const affinity = (required: object | null): object => ({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
  })
  const nodeSelectorTerms = [{ matchExpressions: [{ key: 'k', operator: 'Exists' }] }]
  const gated = { schedulingGates: [{ name: 'x' }], ...affinity({ nodeSelectorTerms }) }
  await using server = await serverWith(pod('a', gated))
  const told = async (required: object | null): Promise<readonly string[]> =>
    causesOf(await server.request('PATCH', `${podsUrl}/a`, { spec: affinity(required) }, merge))
  const at = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms'
  const why = 'no additions/deletions to non-empty NodeSelectorTerms list are allowed'
  expect(await told({ nodeSelectorTerms: [] })).toContain(`${at}: Invalid value: []: ${why}`)
  expect(await told(null)).toContain(`${at}: Invalid value: null: ${why}`)
})

test('tolerations of old, in an annotation, must be JSON', async () => {
  await using server = await serverWith()
  const annotations = { 'scheduler.alpha.kubernetes.io/tolerations': 'x' }
  expect(causesOf(await server.request('POST', podsUrl, pod('a', {}, { annotations })))).toEqual([
    `metadata.annotations: Invalid value: "scheduler.alpha.kubernetes.io/tolerations": invalid character 'x' looking for beginning of value`,
  ])
})

test('what a change of a pod would change is told without the empty parts of selectors', async () => {
  const withTerm = (values: readonly string[]): object => {
    const matchExpressions = [{ key: 'k', operator: values.length > 0 ? 'In' : 'Exists', values }]
    const term = { topologyKey: 't', labelSelector: { matchExpressions } }
    return pod('a', { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } })
  }
  await using server = await serverWith(withTerm(['v']))
  const [cause = ''] = causesOf(await server.request('PUT', `${podsUrl}/a`, withTerm([])))
  expect(cause).toContain('-        "values": [')
  expect(cause).not.toContain('"values": []')
})

test('amounts of a pod’s status are rounded up to thousandths', async () => {
  await using server = await serverWith(pod('a'))
  const status = { resources: { limits: { cpu: '1n' } }, allocatedResources: { cpu: '1500u' } }
  const { body } = await server.request('PATCH', `${podsUrl}/a/status`, { status }, merge)
  expect(body).toMatchObject({ status: { resources: { limits: { cpu: '1m' } }, allocatedResources: { cpu: '2m' } } })
})

test('subresources of the spec keep most metadata, but not all of it', async () => {
  await using server = await serverWith(pod('a', {}, { labels: { l: '1' } }))
  const metadata = { generateName: 'g-', labels: { l: '2' } }
  const { code, body } = await server.request('PUT', `${podsUrl}/a/resize`, pod('a', {}, metadata))
  expect([code, body]).toMatchObject([200, { metadata: { generateName: 'g-', labels: { l: '1' } } }])
})

test('empty resources of a whole pod are others than none, which a resize does not change', async () => {
  await using server = await serverWith(pod('a'))
  const resized = await server.request('PATCH', `${podsUrl}/a/resize`, { spec: { resources: {} } }, merge)
  expect(causesOf(resized)).toEqual(['spec: Forbidden: only cpu and memory resources are mutable'])
})

test('lists as long as a request can hold are compared in one go over them, whether they are right or not', async () => {
  await using server = await startTestServer()
  const range = <T>(count: number, each: (index: number) => T): readonly T[] =>
    Array.from({ length: count }, (_, i) => each(i))
  const tolerations = range(40_000, (index) => ({ key: `k${index}`, operator: 'Exists' }))
  const gates = range(40_000, (index) => ({ name: `g${index}` }))
  const gated = pod('p', { tolerations, schedulingGates: gates })
  const created = await server.request('POST', podsUrl, gated)
  expect(created.code).toBe(201)
  const labels = await server.request('PATCH', `${podsUrl}/p`, { metadata: { labels: { a: 'b' } } }, merge)
  expect(labels.code).toBe(200)
  const lasting = { spec: { tolerations: tolerations.toSpliced(7, 1, { key: 'other', operator: 'Exists' }) } }
  expect(causesOf(await server.request('PATCH', `${podsUrl}/p`, lasting, merge))).toContain(
    'spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds',
  )
  const twice = pod('q', { schedulingGates: [...gates, { name: 'g1' }] })
  expect(causesOf(await server.request('POST', podsUrl, twice))).toEqual([
    'spec.schedulingGates[40000]: Duplicate value: "g1"',
  ])
})
