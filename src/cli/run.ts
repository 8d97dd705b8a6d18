import { usageError, UserError } from '#cluster'
import type { CommandEntry, Terminal } from './command.ts'
import { nearest } from './flags/nearest.ts'

/** Runs a command line. Resolves with the exit status; whatever goes wrong is told on the terminal. */
export async function runCommandLine(
  parameters: readonly string[],
  commands: readonly CommandEntry[],
  terminal: Terminal,
): Promise<number> {
  try {
    const [first, ...others] = parameters
    if (first === undefined || ['help', '--help', '-h'].includes(first)) {
      if (others.length > 0) return await runCommandLine([...others, '--help'], commands, terminal)
      terminal.print(overview(commands))
      return first === undefined ? 2 : 0
    }
    const name = first
    const wanted = name === '--version' ? 'version' : name
    const entry = commands.find((command) => command.name === wanted)
    if (!entry) {
      const close = nearest(
        name,
        commands.map((command) => command.name),
      )
      throw usageError(
        `unknown command ${JSON.stringify(name)}${close === undefined ? '' : `, did you mean ${close}?`} (see k8ts --help)`,
      )
    }
    const command = await entry.load()
    return await command.run(others, terminal)
  } catch (error) {
    if (error instanceof UserError) {
      terminal.complain(`k8ts: ${error.message}`)
      return error.exitCode
    }
    terminal.complain(`k8ts: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    return 1
  }
}

function overview(commands: readonly CommandEntry[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 3
  const sections = [...new Set(commands.map(({ section }) => section))].map((section) => {
    const rows = commands.filter((command) => command.section === section)
    return `${section}:\n${rows.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`).join('\n')}`
  })
  return ['Usage: k8ts COMMAND [flags]', ...sections, 'k8ts COMMAND --help tells the flags of a command.'].join('\n\n')
}
