import { readdirSync, readFileSync } from 'node:fs'
import { identityOf } from './identity.ts'
import type { ProcessIdentity } from './identity.ts'

/** Processes that were started with a parameter like this. */
export function processesWithParameter(matches: (parameter: string) => boolean): ProcessIdentity[] {
  const found: ProcessIdentity[] = []
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue
    try {
      if (!readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').some(matches)) continue
    } catch {
      continue
    }
    const identity = identityOf(Number(name))
    if (identity) found.push(identity)
  }
  return found
}
