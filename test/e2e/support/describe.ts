import { describe } from 'vitest'
import { machineMissing } from './machine.ts'

/** Why clusters can't run here; `undefined` when they can. */
export const missing: string | undefined = await machineMissing()

/** Tests that need a machine on which clusters run. */
export function describeOnMachine(title: string, tests: () => void, lacking: string | undefined = missing): void {
  describe.skipIf(lacking)(lacking === undefined ? title : `${title} (skipped: ${lacking})`, tests)
}
