import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLogger, VirtualClock } from '#base'
import { notifyServiceManager } from './notify.ts'
import { keepWatchdog, watchdogTimeout } from './watchdog.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchdog-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

test('notifyServiceManager() has the program of the service manager speak for this process, where somebody listens', async () => {
  vi.stubEnv('NOTIFY_SOCKET', '')
  expect(await notifyServiceManager('READY=1')).toBe(false)
  const program = join(folder, 'systemd-notify')
  writeFileSync(program, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >>"${folder}/said"\n`)
  chmodSync(program, 0o755)
  vi.stubEnv('NOTIFY_SOCKET', '/run/notify')
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`)
  expect(await notifyServiceManager('READY=1')).toBe(true)
  expect(readFileSync(`${folder}/said`, 'utf8')).toBe('/run/notify READY=1\n')
  writeFileSync(program, '#!/bin/sh\nexit 1\n')
  await expect(notifyServiceManager('READY=1')).rejects.toThrow('Command failed')
})

test.each([
  [{}, undefined],
  [{ WATCHDOG_USEC: '' }, undefined],
  [{ WATCHDOG_USEC: '30000000' }, 30_000],
  [{ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '7' }, 30_000],
  [{ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '8' }, undefined],
])('watchdogTimeout(%j) is %j', (env, ms) => {
  expect(watchdogTimeout(env, 7)).toBe(ms)
})

test.each([
  [{ WATCHDOG_USEC: '1000000' }, 'create health checker: configure watchdog timeout too small: 1s'],
  [{ WATCHDOG_USEC: '-5' }, 'create health checker: configure watchdog: error WATCHDOG_USEC must be a positive number'],
  [
    { WATCHDOG_USEC: 'soon' },
    'create health checker: configure watchdog: error converting WATCHDOG_USEC: strconv.Atoi: parsing "soon": invalid syntax',
  ],
])('watchdogTimeout(%j) says that %s', (env, text) => {
  expect(() => watchdogTimeout(env, 7)).toThrow(text)
})

test('the service manager hears twice in its time that all is well, and nothing while it is not', async () => {
  const clock = new VirtualClock()
  const stop = new AbortController()
  const said: [number, string][] = []
  const told: string[] = []
  const began = clock.now()
  let [problem, failures]: [string | undefined, number] = [undefined, 0]
  const running = keepWatchdog(
    {
      clock,
      log: createLogger('error', (_, message, { check = '' }) => told.push(`${message} ${String(check)}`.trim())),
      timeoutMs: 20_000,
      health: () => [
        { name: 'ping', problem: undefined },
        { name: 'device-plugin', problem },
      ],
      notify: async (state) => {
        if (failures-- > 0) throw new Error('busy')
        said.push([clock.now() - began, state])
        return true
      },
    },
    stop.signal,
  )
  await clock.advance(15_000)
  problem = 'no plugin can register'
  await clock.advance(10_000)
  problem = undefined
  failures = 1
  await clock.advance(10_000)
  failures = 2
  await clock.advance(12_000)
  expect(said).toEqual([
    [0, 'WATCHDOG=1'],
    [10_000, 'WATCHDOG=1'],
    [31_000, 'WATCHDOG=1'],
  ])
  expect(told).toEqual([
    'Do not notify watchdog this iteration as the kubelet is reportedly not healthy device-plugin',
    'Failed to notify watchdog',
  ])
  stop.abort()
  await running
})
