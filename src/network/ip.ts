import { runCommand, CommandError } from './command.ts'

/** Words that run a command inside a network namespace; none for the one we are in. */
export function inNamespace(namespace: string | undefined): readonly string[] {
  return namespace === undefined ? [] : ['nsenter', `--net=${namespace}`]
}

/**
 * Runs `ip` commands one after the other, in one process.
 *
 * @param namespace file of the network namespace; our own when absent.
 * @throws CommandError at the first command that fails.
 */
export async function ip(commands: readonly string[], namespace?: string): Promise<void> {
  if (commands.length === 0) return
  await runCommand([...inNamespace(namespace), 'ip', '-batch', '-'], { input: `${commands.join('\n')}\n` })
}

/**
 * Like {@link ip}, for commands that make something which may be there already, or take something away which may be gone:
 * those complaints are no failures.
 *
 * @throws CommandError when there is another complaint; all commands were tried then.
 */
export async function ipEnsure(commands: readonly string[], namespace?: string): Promise<void> {
  if (commands.length === 0) return
  const words = [...inNamespace(namespace), 'ip', '-force', '-batch', '-']
  try {
    await runCommand(words, { input: `${commands.join('\n')}\n` })
  } catch (error) {
    if (!(error instanceof CommandError) || error.code === undefined) throw error
    const serious = error.stderr.split('\n').filter((line) => line.trim() !== '' && !harmless.test(line))
    if (serious.length > 0) throw error
  }
}

const harmless = /File exists|No such process|Cannot find device|Address already assigned|^Command failed/

export interface Link {
  readonly ifname: string
  readonly mtu: number
  readonly operstate: string
  readonly ifalias?: string
  readonly link_netnsid?: number
  /** The bridge that it is a port of. */
  readonly master?: string
}

export interface Address {
  readonly ifname: string
  readonly addr_info: readonly { readonly family: string; readonly local: string; readonly prefixlen: number }[]
}

export interface Route {
  readonly type?: string
  readonly dst: string
  readonly dev?: string
  readonly gateway?: string
  readonly protocol?: string
  readonly metric?: number
}

/** Asks `ip` for JSON: `ipQuery<Link>(['link', 'show'])`. @throws CommandError */
export async function ipQuery<T>(args: readonly string[], namespace?: string): Promise<readonly T[]> {
  const text = await runCommand([...inNamespace(namespace), 'ip', '-j', ...args])
  const parsed: readonly T[] = text.trim() === '' ? [] : JSON.parse(text)
  return parsed
}
