import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { message, serve, unary } from '#grpc'
import { createCriRuntime } from './runtime.ts'

test.each([
  [{ linux: { cgroupDriver: 0 } }, 'systemd'],
  [{ linux: { cgroupDriver: 1 } }, 'cgroupfs'],
  [{}, undefined],
])('a runtime that answers %o has the cgroup driver %s', async (answer, driver) => {
  const folder = await mkdtemp(join(tmpdir(), 'k8r-'))
  const socket = join(folder, 'r.sock')
  const runtimeConfig = {
    path: '/runtime.v1.RuntimeService/RuntimeConfig',
    request: message({}),
    response: message({ linux: [1, message({ cgroupDriver: [1, 'int'] })] }),
  }
  const server = await serve(socket, [unary(runtimeConfig, () => Promise.resolve(answer))])
  const runtime = createCriRuntime({ endpoint: `unix://${socket}` })
  try {
    expect(await runtime.cgroupDriver()).toBe(driver)
  } finally {
    runtime.close()
    await server.close()
    await rm(folder, { recursive: true })
  }
})
