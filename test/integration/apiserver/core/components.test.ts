import { expect, test } from 'vitest'
import type { ComponentStatus, ComponentStatusList } from '#api/core/v1'
import type { BackendTransport } from '#apiserver'
import { startClusterServer } from '../server.ts'

const path = '/api/v1/componentstatuses'

/** A scheduler that is well, and a controller manager that is not there. */
const backends: BackendTransport = async ({ backend }) => {
  if (backend.port !== 10_259) throw new Error(`dial tcp 127.0.0.1:${backend.port}: connect: connection refused`)
  const body = (async function* () {
    yield new TextEncoder().encode('ok')
  })()
  return { code: 200, headers: {}, body }
}

test('components are asked for their health, with a warning that this is no way to do it', async () => {
  await using server = await startClusterServer({}, { backends })
  const { body, headers } = await server.request('GET', path)
  const condition = (status: string, message: string): object[] => [{ type: 'Healthy', status, message }]
  const refused = 'Get "https://127.0.0.1:10257/healthz": dial tcp 127.0.0.1:10257: connect: connection refused'
  expect((body as ComponentStatusList).items).toEqual([
    { metadata: { name: 'scheduler' }, conditions: condition('True', 'ok') },
    { metadata: { name: 'controller-manager' }, conditions: condition('False', refused) },
    { metadata: { name: 'etcd-0' }, conditions: condition('True', 'ok') },
  ])
  expect(headers['warning']).toBe('299 - "v1 ComponentStatus is deprecated in v1.19+"')
  expect(((await server.request('GET', `${path}/scheduler`)).body as ComponentStatus).conditions).toEqual(
    condition('True', 'ok'),
  )
  expect(await server.request('GET', `${path}?watch=1`)).toMatchObject({
    code: 405,
    body: { message: 'watch is not supported on resources of kind "componentstatuses"' },
  })
})

test('components in the same process need not be asked', async () => {
  await using server = await startClusterServer({}, { runsComponents: true })
  const { items } = (await server.request('GET', path)).body as ComponentStatusList
  expect(items.map(({ conditions = [] }) => conditions[0]?.status)).toEqual(['True', 'True', 'True'])
})
