import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { serveProxyMetrics } from './metrics-server.ts'

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('metrics, health and mode of the proxy are served until it is ended', async () => {
  const port = await freePort()
  const close = await serveProxyMetrics({ host: '127.0.0.1', port, text: () => 'kubeproxy_x 1\n' })
  const get = async (path: string): Promise<readonly [number, string]> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`)
    return [answer.status, await answer.text()]
  }
  expect(await get('/metrics?x=1')).toEqual([200, 'kubeproxy_x 1\n'])
  expect(await get('/healthz')).toEqual([200, 'ok'])
  expect(await get('/proxyMode')).toEqual([200, 'nftables'])
  expect((await get('/other'))[0]).toBe(404)
  await close()
  await expect(get('/metrics')).rejects.toThrow('fetch failed')
})
