import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serve, unary } from '#grpc'
import type { DraCall } from '#kubelet'
import { draServices, type DraMethods } from './messages.ts'
import { connectDriver } from './plugin.ts'

const service = 'v1.DRAPlugin'
const methods = draServices[service] as DraMethods

test('a driver is connected whenever it listens, and its calls are told of', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'driver-'))
  const endpoint = join(folder, 'dra.sock')
  const start = (): ReturnType<typeof serve> =>
    serve(endpoint, [
      unary(methods.prepare, () => ({
        claims: [{ uid: 'a', answer: { devices: [{ poolName: 'p', deviceName: 'd', shareId: 's' }] } }, { uid: 'b' }],
      })),
      unary(methods.unprepare, () => ({ claims: [{ uid: 'a', answer: { error: 'busy' } }] })),
    ])
  const calls: DraCall[] = []
  const plugin = connectDriver({
    driver: 'gpu.example.com',
    endpoint,
    service,
    changed: () => {},
    called: (call) => calls.push(call),
  })
  const until = async (isConnected: boolean): Promise<void> => {
    while (plugin.isConnected !== isConnected) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  for (let time = 0; time < 2; time++) {
    const server = await start()
    await until(true)
    await server.close()
    await until(false)
  }
  const claims = [{ namespace: 'default', name: 'one', uid: 'a' }]
  const { signal } = new AbortController()
  await expect(plugin.prepare(claims, signal)).rejects.toThrow('code = Unavailable')
  const server = await start()
  await until(true)
  expect(await plugin.prepare(claims, signal)).toEqual([
    {
      uid: 'a',
      error: '',
      devices: [{ requestNames: [], poolName: 'p', deviceName: 'd', cdiDeviceIds: [], shareId: 's' }],
    },
    { uid: 'b', error: '', devices: [] },
  ])
  expect(await plugin.unprepare(claims)).toEqual([{ uid: 'a', error: 'busy', devices: [] }])
  expect(calls.map(({ method, code }) => `${method.split('/').at(-1)} ${code}`)).toEqual([
    'NodePrepareResources Unavailable',
    'NodePrepareResources OK',
    'NodeUnprepareResources OK',
  ])
  plugin.close()
  await server.close()
  await rm(folder, { recursive: true })
})
