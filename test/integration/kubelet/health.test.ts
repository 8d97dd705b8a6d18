import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { startHealthServer } from '../../../src/kubelet/host/server/server.ts'
import { TestNode } from '../../../src/kubelet/testing/node.ts'

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('the agent tells of its health as a whole, check by check, and knows no other checks', async () => {
  const node = new TestNode()
  const port = await freePort()
  const close = await startHealthServer(node.kubelet, '127.0.0.1', port)
  const get = async (path: string): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`)
    return `${response.status} ${await response.text()}`
  }
  for (const path of ['/healthz', '/healthz/ping', '/healthz/log', '/healthz/syncloop', '/healthz/device-plugin']) {
    expect(await get(path)).toBe('200 ok')
  }
  expect(await get('/healthz?verbose')).toBe(
    '200 [+]ping ok\n[+]log ok\n[+]syncloop ok\n[+]device-plugin ok\nhealthz check passed\n',
  )
  for (const path of ['/healthz/nope', '/pods', '/']) expect(await get(path)).toBe('404 404 page not found\n')
  await close()
  await node.stop()
})
