import { expect, test } from 'vitest'
import { startTestServer } from '../server.ts'

test.each([
  ['GET', '/api/v1/proxy/nodes/n'],
  ['GET', '/api/v1/proxy/namespaces/default/pods/p/x'],
  ['PATCH', '/api/v1/proxy/nodes/n'],
  ['GET', '/api/v1/watch/nodes/n/status'],
])('%s %s is a path that is served no more', async (method, path) => {
  await using server = await startTestServer()
  const { code, body } = await server.request(method, path)
  expect([code, (body as { reason: string }).reason]).toEqual([404, 'NotFound'])
})
