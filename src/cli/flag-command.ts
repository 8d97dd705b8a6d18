import { usageError } from '#cluster'
import type { Command, Terminal } from './command.ts'
import { helpPage } from './flags/help.ts'
import type { FlagSet } from './flags/flag.ts'
import { parseFlags } from './flags/parse.ts'
import type { ParsedFlags, ToleratedFlags } from './flags/parse.ts'

export interface FlagCommand<F extends object> {
  /** `up`. */
  readonly name: string
  /** How it is called, for `--help`; `NAME [flags]` when absent. */
  readonly usage?: string
  /** What it does, for `--help`. */
  readonly about: string
  readonly flags: FlagSet<F>
  readonly tolerated?: ToleratedFlags
  /** Whether it takes more than flags; false when absent, then anything else is refused. */
  readonly takesParameters?: boolean
  /** @returns the exit status. @throws UserError */
  readonly run: (parsed: Omit<ParsedFlags<F>, 'help'>, terminal: Terminal) => Promise<number>
}

/** A command that reads flags, and tells of them when asked for help. */
export function flagCommand<F extends object>({
  name,
  usage = `${name} [flags]`,
  about,
  flags,
  tolerated,
  takesParameters = false,
  run,
}: FlagCommand<F>): Command {
  return {
    async run(parameters, terminal) {
      const { help, ...parsed } = parseFlags(parameters, {
        command: `k8ts ${name}`,
        flags,
        ...(tolerated ? { tolerated } : {}),
      })
      if (help) {
        terminal.print(helpPage(usage, about, flags))
        return 0
      }
      const [first] = parsed.rest
      if (first !== undefined && !takesParameters) {
        throw usageError(`k8ts ${name} takes no parameters, but ${JSON.stringify(first)} was given`)
      }
      return run(parsed, terminal)
    },
  }
}
