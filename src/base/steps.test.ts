import { expect, test } from 'vitest'
import { allSteps, stepByStep } from './steps.ts'
import type { Steps } from './steps.ts'

const seen: string[] = []

function* work(): Steps<string> {
  seen.push('first')
  yield
  seen.push('second')
  return 'done'
}

test('allSteps() does all of the work at once', () => {
  seen.splice(0)
  expect(allSteps(work())).toBe('done')
  expect(seen).toEqual(['first', 'second'])
})

test('stepByStep() does the work at once where there are no pauses', () => {
  expect(stepByStep(work(), undefined)).toBe('done')
})

test('stepByStep() lets others go on between steps, when it is time', async () => {
  for (const isTime of [true, false]) {
    seen.splice(0)
    const pause = (): Promise<void> | undefined =>
      isTime ? Promise.resolve().then(() => void seen.push('others')) : undefined
    expect(await stepByStep(work(), pause)).toBe('done')
    expect(seen).toEqual(isTime ? ['first', 'others', 'second'] : ['first', 'second'])
  }
})
