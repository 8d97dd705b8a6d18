import { expect, test } from 'vitest'
import { VirtualClock } from '#base'
import { readConfiguration } from '../config/configuration.ts'
import { KeyedBackoff } from './backoff.ts'

test('delays begin anew after ten minutes without a failure, however short the longest delay is', async () => {
  const clock = new VirtualClock()
  const backoff = new KeyedBackoff(clock, 1000, 4000)
  const fail = (): number => {
    backoff.next('key', clock.now())
    return backoff.delayOf('key')
  }
  expect([fail(), fail(), fail(), fail()]).toEqual([1000, 2000, 4000, 4000])
  await clock.advance(60_000)
  backoff.collect()
  expect(fail()).toBe(4000)
  await clock.advance(600_001)
  expect(fail()).toBe(1000)
})

test('the longest delay is between a second and five minutes', () => {
  const read = (maxContainerRestartPeriod: string) =>
    readConfiguration({ crashLoopBackOff: { maxContainerRestartPeriod } })
  expect(read('1s').maxContainerRestartPeriod).toBe(1000)
  const message = 'must be set between 1s and 300s'
  expect(() => read('500ms')).toThrow(`MaxContainerRestartPeriod (got: 0.5 seconds) ${message}`)
  expect(() => read('301s')).toThrow(`MaxContainerRestartPeriod (got: 301 seconds) ${message}`)
})
