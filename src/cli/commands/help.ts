import type { FlagSet } from '../flags/flag.ts'
import { describeFlags, wrap } from '../flags/help.ts'

/** The page that `--help` shows. */
export function helpPage<T extends object>(usage: string, about: string, flags: FlagSet<T>): string {
  return [`Usage: k8ts ${usage}`, wrap(about, 100).join('\n'), `Flags:\n${describeFlags(flags)}`].join('\n\n')
}
