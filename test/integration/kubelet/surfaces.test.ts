import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { Agent, request } from 'node:https'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { silentLogger } from '#base'
import { readConfiguration } from '#kubelet'
import type { Profiler } from '#machinery'
import { servingTls } from '../../../src/kubelet/host/agent/serving-certificate.ts'
import { startKubeletServer, startReadOnlyServer } from '../../../src/kubelet/host/server/server.ts'
import { TestNode } from '../../../src/kubelet/testing/node.ts'

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function serving(node: TestNode, given: object): Parameters<typeof startReadOnlyServer>[0] {
  const config = readConfiguration({ address: '127.0.0.1', port: 0, ...given })
  const { kubelet, api: client } = node
  return { kubelet, client, config, nodeName: 'node-1', checkpointFolder: '/nowhere', log: silentLogger }
}

test('the read-only port tells everybody of pods and measures, and of nothing else', async () => {
  const node = new TestNode()
  const port = await freePort()
  const close = await startReadOnlyServer(serving(node, { readOnlyPort: port }))
  const get = async (path: string, method = 'GET'): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method })
    return `${response.status} ${(await response.text()).slice(0, 30)}`
  }
  expect(await get('/healthz')).toBe('200 ok')
  expect(await get('/pods')).toMatch(/^200 {"kind":"PodList"/)
  for (const path of ['/stats/summary', '/metrics', '/metrics/resource', '/metrics/cadvisor', '/metrics/probes'])
    expect(await get(path)).toMatch(/^200 /)
  for (const path of [
    '/runningpods',
    '/runningpods/',
    '/logs/',
    '/containerLogs/a/b/c',
    '/exec/a/b/c',
    '/debug/pprof/',
  ])
    expect(await get(path)).toBe('405 Debug endpoints are disabled.\n')
  expect(await get('/run/a/b/c', 'POST')).toBe('405 Debug endpoints are disabled.\n')
  for (const path of ['/configz', '/localVolumes/a', '/nothing']) expect(await get(path)).toMatch(/^404 /)
  expect(await get('/checkpoint/a/b/c', 'POST')).toMatch(/^404 /)
  await close()
  await node.stop()
})

test.each([
  [true, '200', '200'],
  [false, '405', '404'],
])('enableDebuggingHandlers %s decides on logs, commands and configuration', async (enabled, pods, configuration) => {
  const node = new TestNode()
  const given = { authentication: { anonymous: { enabled: true } }, authorization: { mode: 'AlwaysAllow' } }
  const options = serving(node, { ...given, enableDebuggingHandlers: enabled })
  const self = { names: ['node-1'], addresses: ['127.0.0.1'], now: Date.now() }
  const server = await startKubeletServer(options, await servingTls(options.config, self))
  const agent = new Agent({ rejectUnauthorized: false })
  const get = (path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port: server.port, path, agent }, (response) => {
        response.resume().on('end', () => resolve(String(response.statusCode)))
      })
      asked.on('error', reject).end()
    })
  expect(await get('/pods')).toBe('200')
  expect(await get('/runningpods/')).toBe(pods)
  expect(await get('/configz')).toBe(configuration)
  agent.destroy()
  await server.close()
  await node.stop()
})

const nobody: Profiler = {
  processor: (seconds) => Promise.resolve(new TextEncoder().encode(`processor ${seconds}`)),
  heap: () => Promise.resolve(new Uint8Array()),
  allocations: () => Promise.resolve(new Uint8Array()),
  setVerbosity: () => undefined,
}

async function asking(node: TestNode, given: object, profiler: Profiler) {
  const open = { authentication: { anonymous: { enabled: true } }, authorization: { mode: 'AlwaysAllow' } }
  const options = { ...serving(node, { ...open, ...given }), profiler }
  const self = { names: ['node-1'], addresses: ['127.0.0.1'], now: Date.now() }
  const server = await startKubeletServer(options, await servingTls(options.config, self))
  const agent = new Agent({ rejectUnauthorized: false })
  const ask = (path: string, method = 'GET', body = ''): Promise<string> =>
    new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port: server.port, path, method, agent }, (response) => {
        text(response).then((said) => resolve(`${response.statusCode} ${said}`), reject)
      })
      asked.on('error', reject).end(body)
    })
  const close = async (): Promise<void> => {
    agent.destroy()
    await server.close()
  }
  return { ask, close }
}

test('who debugs an agent gets profiles of it, and has it log more', async () => {
  const node = new TestNode()
  const levels: number[] = []
  const { ask, close } = await asking(node, {}, { ...nobody, setVerbosity: (level) => void levels.push(level) })
  expect(await ask('/debug/pprof/')).toContain("<a href='profile'>profile</a>")
  expect(await ask('/debug/pprof/profile?seconds=2')).toBe('200 processor 2')
  expect(await ask('/debug/pprof/nothing')).toBe('404 Unknown profile\n')
  expect(await ask('/debug/flags/v', 'PUT', '4')).toBe('200 successfully set klog.logging.verbosity to 4\n')
  expect(await ask('/debug/flags/v')).toBe('406 unsupported http method\n')
  expect(levels).toEqual([4])
  expect(await ask('/metrics', 'DELETE')).toMatch(/^200 # HELP/)
  await close()
  await node.stop()
})

test('profiles and flags are not served where the configuration says so', async () => {
  const node = new TestNode()
  const off = { enableProfilingHandler: false, enableDebugFlagsHandler: false }
  const { ask, close } = await asking(node, off, nobody)
  expect(await ask('/debug/pprof/profile')).toBe('405 profiling endpoint is disabled.\n')
  expect(await ask('/debug/flags/v', 'PUT', '4')).toBe('405 flags endpoint is disabled.\n')
  await close()
  await node.stop()
})
