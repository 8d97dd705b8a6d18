/** Work that can be left between its steps, so that others have their turn. It comes to what the generator returns. */
export type Steps<T> = Generator<void, T, void>

/** What to wait for before the next step; `undefined` when there is nothing. */
export type Pause = () => Promise<void> | undefined

/** Does all of the work at once. */
export function allSteps<T>(steps: Steps<T>): T {
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}

/** Does the work with pauses between its steps; at once where there is nothing to wait for. */
export function stepByStep<T>(steps: Steps<T>, pause: Pause | undefined): T | Promise<T> {
  if (pause === undefined) return allSteps(steps)
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value
    const wait = pause()
    if (wait) return withPauses(steps, pause, wait)
  }
}

async function withPauses<T>(steps: Steps<T>, pause: Pause, first: Promise<void>): Promise<T> {
  await first
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value
    const wait = pause()
    if (wait) await wait
  }
}
