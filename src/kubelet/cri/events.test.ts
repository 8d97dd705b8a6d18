import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { encode, message, serve, streaming } from '#grpc'
import { createCriRuntime } from './runtime.ts'

test('containerd before 1.7 tells of an exit first, and then that it has cleared up', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8e-'))
  const socket = join(folder, 'c.sock')
  const detail = message({ containerId: [1, 'string'], processId: [2, 'string'] })
  const deleted = message({ containerId: [1, 'string'], pid: [2, 'int'] })
  const subscribe = {
    path: '/containerd.services.events.v1.Events/Subscribe',
    request: message({ filters: [1, 'string', 'repeated'] }),
    response: message({
      timestamp: [1, message({ seconds: [1, 'int'], nanos: [2, 'int'] })],
      topic: [3, 'string'],
      event: [4, message({ typeUrl: [1, 'string'], value: [2, 'bytes'] })],
    }),
  }
  const event = (topic: string, value: Uint8Array): object => ({ topic, event: { typeUrl: '', value } })
  const filters: string[] = []
  const server = await serve(socket, [
    streaming<{ readonly filters: readonly string[] }>(subscribe, async function* (request) {
      filters.push(...request.filters)
      yield await Promise.resolve(event('/tasks/exit', encode(detail, { containerId: 'c1', processId: 'command' })))
      const timestamp = { seconds: 1_795_000_000, nanos: 250_000_000 }
      yield { ...event('/tasks/exit', encode(detail, { containerId: 'c1', processId: 'c1' })), timestamp }
      yield event('/tasks/delete', encode(deleted, { containerId: 'c1', pid: 42 }))
    }),
  ])
  const runtime = createCriRuntime({ endpoint: `unix://${socket}` })
  try {
    const told: unknown[] = []
    for await (const each of runtime.events(new AbortController().signal) ?? []) told.push(each)
    expect(told).toEqual([
      { id: 'c1', type: 'exited', at: 1_795_000_000_250 },
      { id: 'c1', type: 'stopped' },
    ])
    const wanted = /topic~="(.*)"$/.exec(filters[0] ?? '')?.[1] ?? ''
    expect(['/tasks/exit', '/tasks/delete', '/tasks/paused'].map((topic) => new RegExp(wanted).test(topic))).toEqual([
      true,
      true,
      false,
    ])
  } finally {
    runtime.close()
    await server.close()
    await rm(folder, { recursive: true })
  }
})
