import { expect, test } from 'vitest'
import { silentLogger, VirtualClock } from '#base'
import { runtimeCgroupDriver } from './cgroup-driver.ts'
import { RuntimeError } from './error.ts'

const given = { log: silentLogger }

test('the driver is as the runtime tells, once it answers', async () => {
  const clock = new VirtualClock()
  const answers = [
    () => Promise.reject(new RuntimeError('Unavailable', 'no socket')),
    () => Promise.reject(new RuntimeError('Unavailable', 'no socket')),
    () => Promise.resolve('systemd' as const),
  ]
  let asked = 0
  const runtime = { cgroupDriver: () => answers[asked++]?.() ?? Promise.reject(new Error('asked too often')) }
  const found = runtimeCgroupDriver(runtime, { clock, ...given }, new AbortController().signal)
  await clock.advance(1000)
  expect(await found).toBe('systemd')
  expect(asked).toBe(3)
})

test('a runtime of old does not tell', async () => {
  const runtime = { cgroupDriver: () => Promise.reject(new RuntimeError('Unimplemented', 'unknown method')) }
  const found = runtimeCgroupDriver(runtime, { clock: new VirtualClock(), ...given }, new AbortController().signal)
  expect(await found).toBeUndefined()
})
