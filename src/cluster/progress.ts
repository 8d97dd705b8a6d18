/** Hears of the steps of a start, several of which may be under way at a time. */
export interface Progress {
  begin(name: string): Step
}

export interface Step {
  /** @param detail what came of it: an address, a count. */
  done(detail?: string): void
  failed(): void
}

/** Tells nobody. */
export const silentProgress: Progress = { begin: () => ({ done: () => {}, failed: () => {} }) }

/** Runs a step and tells of its end. */
export async function step<T>(
  progress: Progress,
  name: string,
  run: () => Promise<T>,
  detail?: (result: T) => string | undefined,
): Promise<T> {
  const begun = progress.begin(name)
  try {
    const result = await run()
    begun.done(detail?.(result))
    return result
  } catch (error) {
    begun.failed()
    throw error
  }
}
