import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Refused, sendText } from '../../../src/kubelet/host/server/exchange.ts'
import { journalArguments } from '../../../src/kubelet/host/server/node-logs/journal.ts'
import { serveNodeLogs } from '../../../src/kubelet/host/server/node-logs/serve.ts'

let folder: string
let url: string
let close: () => void
const settings = { enableSystemLogHandler: true, enableSystemLogQuery: true }

beforeAll(async () => {
  const place = await mkdtemp(join(tmpdir(), 'k8ts-logs-'))
  folder = join(place, 'log')
  await mkdir(join(folder, 'web', 'old & new'), { recursive: true })
  await mkdir(join(folder, 'full'))
  await writeFile(join(folder, 'node.log'), 'one\ntwo\n')
  await writeFile(join(folder, 'web', 'web.log'), 'served\n')
  await writeFile(join(folder, 'bytes'), Buffer.from([0, 1, 2]))
  await writeFile(join(place, 'secret'), 'secret\n')
  await symlink(join(place, 'secret'), join(folder, 'leak.log'))
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://node').searchParams
    const asked = request.headers['x-off'] ? { ...settings, enableSystemLogHandler: false } : settings
    const plain = request.headers['x-plain'] ? { ...settings, enableSystemLogQuery: false } : asked
    serveNodeLogs(plain, { request, response, query, parameters: [] }, folder).catch((error: Error) => {
      sendText(response, error instanceof Refused ? error.status : 500, error.message)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  close = () => server.close()
})
afterAll(async () => {
  close()
  await rm(join(folder, '..'), { recursive: true, force: true })
})

const get = async (path: string, headers: { readonly [name: string]: string } = {}): Promise<string> => {
  const response = await fetch(url + path, { headers, redirect: 'manual' })
  const to = response.headers.get('location')
  return `${response.status} ${to === null ? await response.text() : to}`
}

test('the log folder is listed, and its files are read whole or in part', async () => {
  expect(await get('/logs/')).toBe(
    '200 <!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n' +
      '<a href="bytes">bytes</a>\n<a href="full/">full/</a>\n<a href="leak.log">leak.log</a>\n' +
      '<a href="node.log">node.log</a>\n<a href="web/">web/</a>\n</pre>\n',
  )
  expect(await get('/logs/web/')).toContain('<a href="old%20&amp;%20new/">old &amp; new/</a>')
  expect(await get('/logs/node.log')).toBe('200 one\ntwo\n')
  expect(await get('/logs/node.log', { range: 'bytes=4-' })).toBe('206 two\n')
  expect(await get('/logs/node.log', { range: 'bytes=-4' })).toBe('206 two\n')
  expect(await get('/logs/node.log', { range: 'bytes=99-' })).toBe('416 invalid range: failed to overlap\n')
  expect(await get('/logs/web')).toBe('301 web/')
  expect(await get('/logs/node.log/?a=b')).toBe('301 ../node.log?a=b')
  expect(await get('/logs/none')).toBe('404 404 page not found\n')
  expect(await get('/logs')).toBe('404 404 page not found\n')
  expect(await get('/logs/%2e%2e/secret')).toBe('404 404 page not found\n')
  const typeOf = async (path: string): Promise<unknown> => (await fetch(url + path)).headers.get('content-type')
  expect(await typeOf('/logs/node.log')).toBe('text/plain; charset=utf-8')
  expect(await typeOf('/logs/bytes')).toBe('application/octet-stream')
})

test('what services log is found in files that carry their names, and in no others', async () => {
  expect(await get('/logs/?query=node')).toBe('200 one\ntwo\n')
  expect(await get('/logs/?query=web&query=full')).toBe('200 served\n\nlog not found for full\n')
  expect(await get('/logs/?query=leak')).toBe(
    '200 \nerror getting log for leak: openat leak.log: path escapes from parent\n',
  )
  expect(await get('/logs/?query=node&tailLines=1')).toBe(
    '200 \noptions present and query resolved to log files for [node]\ntry without specifying options\n',
  )
  expect(await get('/logs/?query=/web/web.log')).toBe('200 served\n')
})

test.each([
  ['query=%20', 400, 'query: Invalid value: [" "]: query cannot be empty'],
  ['query=a&boot=x', 400, 'boot: Invalid value: "x": strconv.Atoi: parsing "x": invalid syntax'],
  ['query=a&sinceTime=now', 400, 'sinceTime: Invalid value: "now": invalid time format'],
  ['query=a&boot=1', 406, 'boot: Invalid value: 1: must be less than 1'],
  ['query=a&tailLines=100001', 406, 'tailLines: Invalid value: 100001: must be between 0 and 100000, inclusive'],
  ['query=a;b', 406, 'query: Invalid value: "a;b": input contains unsupported characters'],
  ['query=/a&query=b', 406, 'query: Invalid value: "[/a], [b]": cannot specify a file and service'],
  ['query=/a&query=/b', 406, 'query: Invalid value: ["/a","/b"]: cannot specify more than one file'],
  ['query=/a&boot=0', 406, 'query: Invalid value: ["/a"]: cannot specify file with options'],
  ['boot=0', 406, 'query: Required value: cannot be empty with options'],
  ['query=a&query=b&query=c&query=d&query=e', 406, 'query: Too many: 5: must have at most 4 items'],
])('a query %s is refused', async (query, code, message) => {
  expect(await get(`/logs/?${query}`)).toBe(`${code} ${message}\n`)
})

test('a configuration may leave out queries, or all of it', async () => {
  expect(await get('/logs/?query=node', { 'x-plain': 'true' })).toContain('<a href="node.log">')
  expect(await get('/logs/', { 'x-off': 'true' })).toBe('405 logs endpoint is disabled.\n')
})

test('the journal is asked for what a query says', () => {
  const query = {
    services: ['web'],
    files: [],
    sinceTime: new Date('2026-01-02T03:04:05Z'),
    tailLines: 3,
    pattern: 'x+',
    boot: -1,
  }
  expect(journalArguments(query).join(' ')).toBe(
    '--utc --no-pager --output=short-precise --since=2026-01-02 03:04:05 --pager-end --lines=3 --unit=web --grep=x+ --boot -1',
  )
})
