import { describe, expect, test } from 'vitest'
import type { ResourceClaim } from '#api/resource/v1'
import { startTestServer } from '../server.ts'
import { good, patch, refusals } from './objects.ts'

const resource = '/apis/resource.k8s.io/v1'
const claims = `${resource}/namespaces/default/resourceclaims`
const claim = (...requests: readonly object[]): object => ({ metadata: { name: 'c' }, spec: { devices: { requests } } })
const exactly = { deviceClassName: 'gpu' }

test('one device is asked for unless the request says more', async () => {
  await using server = await startTestServer()
  const { spec } = good<ResourceClaim>(await server.request('POST', claims, claim({ name: 'a', exactly })))
  expect(spec.devices?.requests?.[0]?.exactly).toMatchObject({ allocationMode: 'ExactCount', count: 1 })
})

describe('claims', () => {
  test('requests have names of their own, and ask for one thing', async () => {
    await using server = await startTestServer()
    expect(refusals(await server.request('POST', claims, claim({ name: 'a', exactly }, { name: 'a' })))).toEqual([
      'spec.devices.requests[1]: Required value: exactly one of `exactly` or `firstAvailable` is required',
      'spec.devices.requests[1]: Duplicate value: "a"',
    ])
  })

  test('a selector is about a device and says yes or no', async () => {
    await using server = await startTestServer()
    const wanted = (expression: string): object =>
      claim({ name: 'a', exactly: { ...exactly, selectors: [{ cel: { expression } }] } })
    const refused = async (expression: string): Promise<string> =>
      refusals(await server.request('POST', `${claims}?dryRun=All`, wanted(expression))).join()
    expect(await refused('device.driver')).toContain('must evaluate to bool or the unknown type, not string')
    expect(await refused('pod.name == "p"')).toContain("undeclared reference to 'pod'")
    expect(await refused('device.attributes["d"].size == 3 && device.driver == "d"')).toBe('')
  })

  test('the spec stays', async () => {
    await using server = await startTestServer()
    await server.request('POST', claims, claim({ name: 'a', exactly }))
    const [refusal] = refusals(await patch(server, `${claims}/c`, { spec: { devices: { requests: null } } }))
    expect(refusal).toMatch(/^spec: Invalid value: .*: field is immutable$/)
  })

  test('only what is allocated can be reserved', async () => {
    await using server = await startTestServer()
    await server.request('POST', claims, claim({ name: 'a', exactly }))
    const status = { reservedFor: [{ resource: 'pods', name: 'p', uid: 'u' }] }
    expect(refusals(await patch(server, `${claims}/c/status`, { status }))).toEqual([
      'status.reservedFor: Forbidden: may not be specified when `allocated` is not set',
    ])
  })
})

describe('slices', () => {
  const slices = `${resource}/resourceslices`
  const slice = (spec: object): object => ({
    metadata: { name: 's' },
    spec: { driver: 'd', pool: { name: 'p', generation: 1, resourceSliceCount: 1 }, ...spec },
  })

  test('a slice is of one node, of some or of all', async () => {
    await using server = await startTestServer()
    expect(refusals(await server.request('POST', slices, slice({})))).toEqual([
      'spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required',
    ])
    expect((await server.request('POST', slices, slice({ nodeName: 'n' }))).code).toBe(201)
  })

  test('devices have names of their own', async () => {
    await using server = await startTestServer()
    const devices = [{ name: 'a' }, { name: 'a' }, { name: 'A_' }]
    expect(refusals(await server.request('POST', slices, slice({ allNodes: true, devices })))).toEqual([
      expect.stringMatching(/^spec\.devices\[2\]\.name: Invalid value: "A_": a lowercase RFC 1123 label/),
      'spec.devices[1]: Duplicate value: "a"',
    ])
  })

  test('what may be asked of a capacity has a default', async () => {
    await using server = await startTestServer()
    const requestPolicy = { default: null, validValues: ['1'] }
    const devices = [{ name: 'a', allowMultipleAllocations: true, capacity: { m: { value: '2', requestPolicy } } }]
    expect(refusals(await server.request('POST', slices, slice({ allNodes: true, devices })))).toEqual([
      'spec.devices[0].capacity[m].requestPolicy.default: Required value: required when validValues is defined',
    ])
  })
})
