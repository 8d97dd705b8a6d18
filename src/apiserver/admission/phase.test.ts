import { defer, VirtualClock } from '#base'
import { expositionText } from '#machinery'
import { expect, test } from 'vitest'
import { AdmissionMetrics } from '../metrics/admission.ts'
import type { AdmissionAttributes, AdmissionPlugin } from './admission.ts'
import { Phase } from './phase.ts'

const about = (plural: string): AdmissionAttributes =>
  ({ endpoint: { group: '', plural } }) as unknown as AdmissionAttributes

function phaseOf(plugins: readonly Omit<AdmissionPlugin, 'operations'>[]): {
  readonly phase: Phase
  readonly clock: VirtualClock
  /** How often a plugin, or the whole phase, was through, and for how long. */
  readonly timesOf: (name?: string, rejected?: boolean) => string
} {
  const clock = new VirtualClock()
  const metrics = new AdmissionMetrics()
  const taking = plugins.map((plugin) => ({ ...plugin, operations: ['CREATE'] as const }))
  return {
    phase: new Phase(taking, 'admit', 'CREATE', { clock, metrics }),
    clock,
    timesOf(name, rejected = false) {
      const own = name === undefined ? /step/ : new RegExp(`controller.*name="${name}"`)
      const lines = expositionText(metrics.families()).split('\n')
      const found = lines.filter((line) => own.test(line) && line.includes(`rejected="${rejected}"`))
      const valueOf = (end: string): string =>
        found
          .find((line) => line.includes(`_${end}{`))
          ?.split(' ')
          .at(-1) ?? '0'
      return `${valueOf('count')} in ${valueOf('sum')} s`
    },
  }
}

test('plugins are not asked about resources they do not look at, and count as through in no time', () => {
  const asked: string[] = []
  const { phase, timesOf } = phaseOf([
    { name: 'Pods', resources: ['/pods'], admit: () => void asked.push('Pods') },
    { name: 'All', admit: () => void asked.push('All') },
  ])
  expect(phase.run(about('configmaps'))).toBeUndefined()
  expect(asked).toEqual(['All'])
  expect([timesOf('Pods'), timesOf('All'), timesOf()]).toEqual(['1 in 0 s', '1 in 0 s', '1 in 0 s'])
  expect(phase.run(about('pods'))).toBeUndefined()
  expect(asked).toEqual(['All', 'Pods', 'All'])
})

test('those behind a plugin that needs a while are asked after it, and each is given its own time', async () => {
  const asked: string[] = []
  const wait = defer<void>()
  const { phase, clock, timesOf } = phaseOf([
    { name: 'First', admit: () => void asked.push('First') },
    { name: 'Slow', admit: () => wait.promise },
    { name: 'Last', admit: () => void asked.push('Last') },
  ])
  const done = phase.run(about('configmaps'))
  expect(done).toBeInstanceOf(Promise)
  await clock.advance(2000)
  expect(asked).toEqual(['First'])
  wait.resolve()
  await done
  expect(asked).toEqual(['First', 'Last'])
  expect([timesOf('First'), timesOf('Slow'), timesOf('Last'), timesOf()]).toEqual([
    '1 in 0 s',
    '1 in 2 s',
    '1 in 0 s',
    '1 in 2 s',
  ])
})

test.each(['at once', 'later'])('a refusal, %s, ends the phase and is counted as one', async (when) => {
  const asked: string[] = []
  const { phase, timesOf } = phaseOf([
    {
      name: 'Refusing',
      admit() {
        if (when === 'at once') throw new Error('no')
        return Promise.reject(new Error('no'))
      },
    },
    { name: 'Last', admit: () => void asked.push('Last') },
  ])
  await expect(async () => phase.run(about('configmaps'))).rejects.toThrow('no')
  expect(asked).toEqual([])
  expect([timesOf('Refusing', true), timesOf(undefined, true)]).toEqual(['1 in 0 s', '1 in 0 s'])
  expect([timesOf('Refusing'), timesOf()]).toEqual(['0 in 0 s', '0 in 0 s'])
})
