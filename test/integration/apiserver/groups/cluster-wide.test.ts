import { describe, expect, test } from 'vitest'
import type { PodDisruptionBudget } from '#api/policy/v1'
import type { CSIDriver, StorageClass } from '#api/storage/v1'
import { startTestServer } from '../server.ts'
import type { Answer } from '../server.ts'
import { good, message, patch, refusals, table } from './objects.ts'

describe('priority classes', () => {
  const classes = '/apis/scheduling.k8s.io/v1/priorityclasses'
  const priorityClass = (fields: object, name = 'p'): object => ({ metadata: { name }, value: 3, ...fields })

  test('the names and the heights of the system’s own are taken', async () => {
    await using server = await startTestServer()
    expect(refusals(await server.request('POST', classes, priorityClass({}, 'system-x')))).toEqual([
      "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-x is not a known system priority class",
    ])
    expect(refusals(await server.request('POST', classes, priorityClass({ value: 2_000_000_000 })))).toEqual([
      'value: Forbidden: maximum allowed value of a user defined priority is 1000000000',
    ])
  })

  test('value and preemption stay', async () => {
    await using server = await startTestServer()
    await server.request('POST', classes, priorityClass({}))
    const changes = { value: 4, preemptionPolicy: 'Never' }
    expect(refusals(await patch(server, `${classes}/p`, changes))).toEqual([
      'value: Forbidden: may not be changed in an update.',
      'preemptionPolicy: Invalid value: "Never": field is immutable',
    ])
  })
})

describe('disruption budgets', () => {
  const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets'
  const budget = (spec: object): object => ({ metadata: { name: 'b' }, spec: { selector: {}, ...spec } })

  test('a budget says what stays or what may go', async () => {
    await using server = await startTestServer()
    const both = budget({ minAvailable: 1, maxUnavailable: 1 })
    const [refusal] = refusals(await server.request('POST', budgets, both))
    expect(refusal).toMatch(/^spec: Invalid value: .*: minAvailable and maxUnavailable cannot be both set$/)
    expect(refusals(await server.request('POST', budgets, budget({ maxUnavailable: '150%' })))).toEqual([
      'spec.maxUnavailable: Invalid value: "150%": must not be greater than 100%',
    ])
  })

  test('the status has conditions with a type, and no negative counts', async () => {
    await using server = await startTestServer()
    await server.request('POST', budgets, budget({ minAvailable: 1 }))
    const status = { currentHealthy: -1, conditions: [{ type: 'A', status: 'Odd', reason: 'R', message: '' }] }
    const found = refusals(await patch(server, `${budgets}/b/status`, { status }))
    expect(found).toContain('status.currentHealthy: Invalid value: -1: must be greater than or equal to 0')
    expect(found).toContain(
      'status.conditions[0].status: Unsupported value: "Odd": supported values: "False", "True", "Unknown"',
    )
    const { metadata } = good<PodDisruptionBudget>(await server.request('GET', `${budgets}/b`))
    expect(metadata.generation).toBe(1)
  })
})

describe('storage', () => {
  const storage = '/apis/storage.k8s.io/v1'

  test('a storage class keeps everything that volumes were made by', async () => {
    await using server = await startTestServer()
    const made = { metadata: { name: 's' }, provisioner: 'p' }
    const created = good<StorageClass>(await server.request('POST', `${storage}/storageclasses`, made))
    expect(created).toMatchObject({ reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' })
    const changes = { provisioner: 'q', parameters: { a: 'b' }, reclaimPolicy: 'Retain' }
    expect(refusals(await patch(server, `${storage}/storageclasses/s`, changes))).toEqual([
      'parameters: Invalid value: {"a":"b"}: field is immutable',
      'provisioner: Invalid value: "q": field is immutable',
      'reclaimPolicy: Invalid value: "Retain": field is immutable',
    ])
    expect((await patch(server, `${storage}/storageclasses/s`, { allowVolumeExpansion: true })).code).toBe(200)
  })

  test('the changes of a driver’s spec are counted', async () => {
    await using server = await startTestServer()
    const driver = { metadata: { name: 'd' }, spec: {} }
    const { spec } = good<CSIDriver>(await server.request('POST', `${storage}/csidrivers`, driver))
    expect(spec).toMatchObject({ attachRequired: true, podInfoOnMount: false, volumeLifecycleModes: ['Persistent'] })
    expect(refusals(await patch(server, `${storage}/csidrivers/d`, { spec: { attachRequired: false } }))).toEqual([
      'spec.attachedRequired: Invalid value: false: field is immutable',
    ])
    const changed = await patch(server, `${storage}/csidrivers/d`, { spec: { requiresRepublish: true } })
    expect(good(changed).metadata.generation).toBe(1)
  })

  test('deleted classes are answered with as they were', async () => {
    await using server = await startTestServer()
    await server.request('POST', `${storage}/storageclasses`, { metadata: { name: 's' }, provisioner: 'p' })
    const gone = good<StorageClass>(await server.request('DELETE', `${storage}/storageclasses/s`))
    expect([gone.kind, gone.provisioner]).toEqual(['StorageClass', 'p'])
  })

  test('a list of one name goes on nowhere', async () => {
    await using server = await startTestServer()
    for (const name of ['a', 'b']) {
      await server.request('POST', `${storage}/storageclasses`, { metadata: { name }, provisioner: 'p' })
    }
    const { body } = await server.request('GET', `${storage}/storageclasses?limit=1&fieldSelector=metadata.name%3Da`)
    const { metadata, items } = body as { readonly metadata: object; readonly items: readonly StorageClass[] }
    expect(items.map((item) => item.metadata.name)).toEqual(['a'])
    expect(metadata).not.toHaveProperty('continue')
  })

  test('an attachment is of one volume, by name or by its spec', async () => {
    await using server = await startTestServer()
    const url = `${storage}/volumeattachments`
    const attachment = (source: object): object => ({
      metadata: { name: 'a' },
      spec: { attacher: 'd', nodeName: 'n', source },
    })
    expect(refusals(await server.request('POST', url, attachment({})))).toEqual([
      'spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName',
    ])
    const inlineVolumeSpec = { accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } }
    expect(refusals(await server.request('POST', url, attachment({ inlineVolumeSpec })))).toContain(
      'spec.source.inlineVolumeSpec.csi: Required value: has to be specified in the context of inline volumes',
    )
    await server.request('POST', url, attachment({ persistentVolumeName: 'v' }))
    const [refusal] = refusals(await patch(server, `${url}/a`, { spec: { nodeName: 'm' } }))
    expect(refusal).toMatch(/^spec: Invalid value: .*: field is immutable$/)
  })

  test('nobody looks at the attributes class of an inline volume, which errors show with its sources in their order', async () => {
    await using server = await startTestServer()
    const url = `${storage}/volumeattachments`
    const csi = { driver: 'd', volumeHandle: 'h' }
    const inlineVolumeSpec = { accessModes: ['ReadWriteOnce'], csi, volumeAttributesClassName: 'No Name' }
    const spec = { attacher: 'd', nodeName: 'n', source: { inlineVolumeSpec } }
    good(await server.request('POST', url, { metadata: { name: 'a' }, spec }))
    const [refusal] = refusals(await patch(server, `${url}/a`, { spec: { nodeName: 'm' } }))
    expect(refusal).toContain('"RBD":null,"Quobyte":null,"ISCSI":null,"FlexVolume":null,"Cinder":null')
    const other = { spec: { source: { inlineVolumeSpec: { hostPath: { path: '/x' } } } } }
    expect(refusals(await patch(server, `${url}/a`, other)).join()).toContain('"HostPath":{"Path":"/x","Type":""}')
  })

  test('the topology of a capacity stays, and errors show it without what is empty', async () => {
    await using server = await startTestServer()
    const url = `${storage}/namespaces/default/csistoragecapacities`
    const capacity = { metadata: { name: 'c' }, storageClassName: 's', nodeTopology: { matchLabels: { a: 'b' } } }
    await server.request('POST', url, capacity)
    const nodeTopology = { matchLabels: {}, matchExpressions: [{ key: 'k', operator: 'Exists', values: [] }] }
    const answer = await server.request('PUT', `${url}/c`, {
      ...good(await server.request('GET', `${url}/c`)),
      nodeTopology,
    })
    expect(refusals(answer)).toEqual([
      'nodeTopology: Invalid value: {"matchExpressions":[{"key":"k","operator":"Exists"}]}: field is immutable',
    ])
  })
})

describe('runtime classes', () => {
  const classes = '/apis/node.k8s.io/v1/runtimeclasses'

  test('the handler stays, the overhead is a list of resources', async () => {
    await using server = await startTestServer()
    const fields = { handler: 'runc', overhead: { podFixed: { cpu: '-1' } } }
    expect(refusals(await server.request('POST', classes, { metadata: { name: 'r' }, ...fields }))).toEqual([
      'overhead.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0',
    ])
    await server.request('POST', classes, { metadata: { name: 'r' }, handler: 'runc' })
    expect(refusals(await patch(server, `${classes}/r`, { handler: 'kata' }))).toEqual([
      'handler: Invalid value: "kata": field is immutable',
    ])
    expect(await table(server, classes)).toEqual([
      ['Name', 'Handler', 'Age'],
      ['r', 'runc', '0s'],
    ])
  })
})

describe('leases', () => {
  test('durations are of one second or more, transitions are counted from none', async () => {
    await using server = await startTestServer()
    const lease = { metadata: { name: 'l' }, spec: { leaseDurationSeconds: 0, leaseTransitions: -1 } }
    const url = '/apis/coordination.k8s.io/v1/namespaces/default/leases'
    expect(refusals(await server.request('POST', url, lease))).toEqual([
      'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
      'spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0',
    ])
  })
})

test('an applied value that its type can’t read is told with the object it is for', async () => {
  await using server = await startTestServer()
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l', namespace: 'default' } }
  const url = '/apis/coordination.k8s.io/v1/namespaces/default/leases/l?fieldManager=m'
  const headers = { 'content-type': 'application/apply-patch+yaml' }
  const answer = await server.request('PATCH', url, { ...lease, spec: { renewTime: 'x' } }, headers)
  expect(message(answer)).toMatch(
    /^failed to convert new object \(default\/l; coordination\.k8s\.io\/v1, Kind=Lease\) to proper version: unable to convert unstructured object to coordination\.k8s\.io\/v1, Kind=Lease: parsing time "x"/,
  )
})

test('an applied number is taken as its type has room for it, a fraction not at all', async () => {
  await using server = await startTestServer()
  const headers = { 'content-type': 'application/apply-patch+yaml' }
  const apply = async (metadata: object, spec: object): Promise<Answer> =>
    server.request(
      'PATCH',
      '/apis/coordination.k8s.io/v1/namespaces/default/leases/l?fieldManager=m',
      { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l', ...metadata }, spec },
      headers,
    )
  expect(message(await apply({ generation: 1.5 }, {}))).toMatch(/Kind=Lease: cannot convert float64 to int64$/)
  expect(refusals(await apply({ generation: 1e19 }, {}))).toEqual([
    'metadata.generation: Invalid value: -9223372036854775808: must be greater than or equal to 0',
  ])
  good(await apply({ generation: 2 ** 53 }, {}))
  expect(refusals(await apply({}, { leaseDurationSeconds: 2 ** 31 }))).toEqual([
    'spec.leaseDurationSeconds: Invalid value: -2147483648: must be greater than 0',
  ])
})

describe('API services', () => {
  test('the name is that of the version and the group', async () => {
    await using server = await startTestServer()
    const spec = { group: 'example.com', version: 'v1', groupPriorityMinimum: 1, versionPriority: 1 }
    const url = '/apis/apiregistration.k8s.io/v1/apiservices'
    expect(message(await server.request('POST', url, { metadata: { name: 'other' }, spec }))).toContain(
      'metadata.name: Invalid value: "other": must be `spec.version+"."+spec.group`: "v1.example.com"',
    )
  })

  test.each(['', '/status'])(
    'metadata is looked at by the rules of all kinds and by those of this one, at %j',
    async (at) => {
      await using server = await startTestServer()
      const spec = { group: 'example.com', version: 'v1', groupPriorityMinimum: 1, versionPriority: 1 }
      const url = '/apis/apiregistration.k8s.io/v1/apiservices'
      good(await server.request('POST', url, { metadata: { name: 'v1.example.com' }, spec }))
      const changed = await patch(server, `${url}/v1.example.com${at}`, { metadata: { deletionGracePeriodSeconds: 5 } })
      const refusal = 'metadata.deletionGracePeriodSeconds: Invalid value: 5: field is immutable'
      expect(refusals(changed)).toEqual([refusal, refusal])
    },
  )
})
