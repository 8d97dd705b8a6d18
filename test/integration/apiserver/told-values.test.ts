import type { KubeObject, Status } from '#machinery'
import { expect, test } from 'vitest'
import { startClusterServer } from './server.ts'

test('fields of volumes are told of by the names that they have in Go', async () => {
  await using server = await startClusterServer()
  const attachments = '/apis/storage.k8s.io/v1/volumeattachments'
  const specWith = (source: object): object => ({
    attacher: 'a',
    nodeName: 'n',
    source: { inlineVolumeSpec: { accessModes: ['ReadWriteOnce'], ...source } },
  })
  const spec = specWith({ csi: { driver: 'a.b', volumeHandle: 'h' } })
  const { body } = await server.request('POST', attachments, { metadata: { name: 'a' }, spec })
  const { metadata } = body as KubeObject
  const told = async (source: object): Promise<string> => {
    const answer = await server.request('PUT', `${attachments}/a`, { metadata, spec: specWith(source) })
    return (answer.body as Status).details?.causes?.find(({ field }) => field === 'spec')?.message ?? ''
  }
  expect(await told({ rbd: { monitors: ['m'], image: 'i' } })).toContain(
    '"RBD":{"CephMonitors":["m"],"RBDImage":"i","FSType":"","RBDPool":"rbd","RadosUser":"admin",',
  )
  expect(await told({ cephfs: { monitors: ['m'] } })).toContain('"CephFS":{"Monitors":["m"],')
  expect(await told({ glusterfs: { endpoints: 'e', path: 'p' } })).toContain('"Glusterfs":{"EndpointsName":"e",')
  expect(await told({ azureDisk: { diskName: 'd', diskURI: 'u' } })).toContain('"DiskName":"d","DataDiskURI":"u"')
  expect(await told({ iscsi: { targetPortal: 't', iqn: 'q', lun: 0 } })).toContain(
    '"DiscoveryCHAPAuth":false,"SessionCHAPAuth":false',
  )
})

test('failed indexes that can not be read are told as JSON has them', async () => {
  await using server = await startClusterServer()
  const jobs = '/apis/batch/v1/namespaces/default/jobs'
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } }
  const spec = { completions: 3, completionMode: 'Indexed', backoffLimitPerIndex: 1, template }
  await server.request('POST', jobs, { metadata: { name: 'a' }, spec })
  const patch = { status: { failedIndexes: '<&>', completedIndexes: '<&>' } }
  const headers = { 'content-type': 'application/merge-patch+json' }
  const { body } = await server.request('PATCH', `${jobs}/a/status`, patch, headers)
  const messages = (body as Status).details?.causes?.map(({ message }) => message)
  const why = (name: string): string => `error parsing ${name}: cannot convert string to integer for index: "<&>"`
  expect(messages).toContain(`Invalid value: "<&>": ${why('completedIndexes')}`)
  expect(messages).toContain(`Invalid value: "\\u003c\\u0026\\u003e": ${why('failedIndexes')}`)
})

test('capacity that is taken in steps of zero has no multiples', async () => {
  await using server = await startClusterServer()
  const requestPolicy = { default: '2', validRange: { min: '1', step: '0' } }
  const devices = [{ name: 'd', allowMultipleAllocations: true, capacity: { c: { value: '4', requestPolicy } } }]
  const spec = { driver: 'a.b', nodeName: 'n', pool: { name: 'p', generation: 1, resourceSliceCount: 1 }, devices }
  const slice = { metadata: { name: 'a' }, spec }
  const { code, body } = await server.request('POST', '/apis/resource.k8s.io/v1/resourceslices', slice)
  expect([code, (body as Status).details?.causes?.map(({ message }) => message)]).toEqual([
    422,
    ['Invalid value: "2": value is not a multiple of a given step (0) from (1)'],
  ])
})

test('claims of more than the thousandths of bytes that 64 bits hold are warned of as fractions', async () => {
  await using server = await startClusterServer()
  const warningFor = async (storage: string): Promise<string | undefined> => {
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } }
    const url = '/api/v1/namespaces/default/persistentvolumeclaims?dryRun=All'
    return (await server.request('POST', url, { metadata: { name: 'a' }, spec })).headers['warning']
  }
  expect(await warningFor('8Pi')).toBeUndefined()
  expect(await warningFor('10Pi')).toContain(
    'spec.resources.requests[storage]: fractional byte value \\"10Pi\\" is invalid, must be an integer',
  )
})
