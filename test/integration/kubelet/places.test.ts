import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { agree, streamingNode } from './streaming-server.ts'

interface Heard {
  readonly status: number | undefined
  readonly body: string
  readonly headers: { readonly [name: string]: unknown }
}

function ask(port: number, method: string, path: string, headers: { readonly accept?: string } = {}): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false, rejectUnauthorized: false })
    asked.on('response', (response) => {
      text(response).then((body) => resolve({ status: response.statusCode, body, headers: response.headers }), reject)
    })
    asked.on('error', reject).end()
  })
}

const plain = { 'content-type': 'text/plain; charset=utf-8' }
const sniffed = { ...plain, 'x-content-type-options': 'nosniff' }
const nowhere = [404, '404 page not found\n', sniffed] as const
const notHere = [404, '404: Page Not Found', plain] as const
const notSo = (allow: string): readonly [number, string, object] => [
  405,
  '405: Method Not Allowed',
  { ...plain, allow },
]
const unacceptable = [406, '406: Not Acceptable\n\nAvailable representations: application/json', plain] as const
const upgradeWanted = [500, 'Upgrade request required\n', sniffed] as const
const elsewhere = (location: string): readonly [number, string, object] => [
  307,
  `<a href="${location}">Temporary Redirect</a>.\n\n`,
  { 'content-type': 'text/html; charset=utf-8', location },
]

test.each([
  ['GET', '/', nowhere],
  ['POST', '/nothing', nowhere],
  ['GET', '/healthz/', nowhere],
  ['GET', '/healthz/nope', nowhere],
  ['GET', '/configz/', nowhere],
  ['GET', '/metrics/nope', nowhere],
  ['POST', '/pods', notSo('GET')],
  ['OPTIONS', '/pods/', notSo('GET')],
  ['PUT', '/stats/summary', notSo('GET, POST')],
  ['GET', '/run/default/p/c', notSo('POST')],
  ['PUT', '/exec/default/p/c', notSo('GET, POST')],
  ['DELETE', '/containerLogs/default/p/c', notSo('GET')],
  ['GET', '/pods/x', notHere],
  ['GET', '/stats/', notHere],
  ['GET', '/containerLogs', notHere],
  ['GET', '/exec', notHere],
  ['POST', '/exec/a/b', notHere],
  ['POST', '/run/a/b/c/d/e', notHere],
  ['GET', '/runningpods', elsewhere('/runningpods/')],
  ['GET', '/stats?a=b', elsewhere('/stats/?a=b')],
  ['GET', '//pods', elsewhere('/pods')],
  ['GET', '//a%0d%0aX:%201', elsewhere('/a%0D%0AX:%201')],
  ['GET', '//%E4%B8%AD%3f(%23)', elsewhere('/%E4%B8%AD%3F%28%23%29')],
  ['POST', '/logs', [307, '', { location: '/logs/' }]],
  ['GET', '//pods', elsewhere('/pods')],
  ['GET', '/a/../pods/', elsewhere('/pods/')],
  ['GET', '/exec/default/p/c', [400, 'you must specify at least 1 of stdin, stdout, stderr', plain]],
  ['POST', '/exec/default/q/c?output=1', [404, 'pod does not exist', plain]],
  ['GET', '/exec/default/p/d?output=1', [500, 'container not found ("d")', plain]],
  ['GET', '/exec/default/p/c?output=1', upgradeWanted],
  ['GET', '/exec/default/p/uid/c?output=1', upgradeWanted],
  ['POST', '/attach/default/p/c?output=1', upgradeWanted],
  ['GET', '/portForward/default/p', upgradeWanted],
  ['GET', '/portForward/default/p/uid', [404, 'pod not found', plain]],
  ['GET', '/containerLogs/default/p/c?stream=stdout', [422, '{"message": "Invalid request."}', plain]],
  ['GET', '/%zz', [400, '400 Bad Request', plain]],
] as const)('%s %s is answered as a kubelet does', async (method, path, [status, body, headers]) => {
  await using node = await streamingNode(agree)
  expect(await ask(node.port, method, path)).toMatchObject({ status, body, headers })
})

test('what answers with JSON is not for clients that take none', async () => {
  await using node = await streamingNode(agree)
  const [status, body, headers] = unacceptable
  for (const accept of ['text/plain', 'application/yaml, text/*']) {
    expect(await ask(node.port, 'GET', '/pods', { accept })).toMatchObject({ status, body, headers })
  }
  for (const accept of ['*/*', 'text/plain, application/json;q=0.9', '']) {
    expect(await ask(node.port, 'GET', '/pods', { accept })).toMatchObject({ status: 200 })
  }
})

test('every method is answered where there is but one answer, and encoded paths are those they stand for', async () => {
  await using node = await streamingNode(agree)
  for (const method of ['POST', 'DELETE', 'OPTIONS']) {
    expect(await ask(node.port, method, '/healthz')).toMatchObject({ status: 200, body: 'ok' })
  }
  expect(await ask(node.port, 'GET', '/%70ods')).toMatchObject({ status: 200 })
})

test('who has no credentials hears what is nowhere, and nothing else', async () => {
  await using node = await streamingNode(agree, 'good')
  for (const path of ['/', '/nothing', '/metrics/nope']) {
    expect(await ask(node.port, 'GET', path)).toMatchObject({ status: 404 })
  }
  expect(await ask(node.port, 'GET', '/stats')).toMatchObject({ status: 307 })
  for (const path of ['/pods', '/pods/x', '/healthz', '/exec', '/%70ods']) {
    expect(await ask(node.port, 'PUT', path)).toMatchObject({ status: 401, body: 'Unauthorized' })
  }
})
