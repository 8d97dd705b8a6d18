import type { KubeObject } from '../../meta/object.ts'

/** Converts an object to a version; `undefined` when the kind isn't in it. */
export type ConvertObject = (object: KubeObject, apiVersion: string) => KubeObject | undefined

/** Thrown out of an operation that needs the outcome of a conversion that is still under way. */
export class PendingConversion {
  readonly outcome: Promise<KubeObject | undefined>

  constructor(outcome: Promise<KubeObject | undefined>) {
    this.outcome = outcome
  }
}

/**
 * Runs an operation that converts objects between versions where conversion takes its time, such as by webhook. The
 * operation is run again with what has been converted so far until it needs no more; it has to ask for the same
 * conversions in the same order each time, which field managers do.
 */
export async function withConversions<T>(
  convert: (object: KubeObject, apiVersion: string) => Promise<KubeObject | undefined>,
  operation: (convert: ConvertObject) => T,
): Promise<T> {
  const outcomes: (KubeObject | undefined)[] = []
  for (;;) {
    let asked = 0
    try {
      return operation((object, apiVersion) => {
        if (asked < outcomes.length) return outcomes[asked++]
        throw new PendingConversion(convert(object, apiVersion))
      })
    } catch (error) {
      if (!(error instanceof PendingConversion)) throw error
      outcomes.push(await error.outcome)
    }
  }
}
