import { CommandError, runCommand } from './command.ts'
import { inNamespace } from './ip.ts'

/**
 * Lets packets through a firewall that forwards nothing by default, as Docker sets it up: whatever other tables accept, its
 * policy would drop. Does nothing where forwarding is open or the `iptables` command is not there.
 *
 * @param matches what to let through, as words of iptables: `-i eth1`.
 * @param owner comment on the rules, by which {@link closeForwarding} finds them.
 */
export async function openForwarding(matches: readonly string[], owner: string, namespace?: string): Promise<void> {
  const rules = await forwardRules(namespace)
  if (rules === undefined || !rules.includes('-P FORWARD DROP')) return
  const present = rules.filter((rule) => rule.includes(owner)).length
  if (present === matches.length) return
  await closeForwarding(owner, namespace)
  for (const match of matches) await iptables(['-I', 'FORWARD', ...ruleOf(match, owner)], namespace)
}

/** Takes back what {@link openForwarding} did. */
export async function closeForwarding(owner: string, namespace?: string): Promise<void> {
  for (const rule of (await forwardRules(namespace)) ?? []) {
    if (!rule.startsWith('-A FORWARD') || !rule.includes(`"${owner}"`)) continue
    const words = [...rule.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
    await iptables(['-D', ...words.slice(1)], namespace)
  }
}

function ruleOf(match: string, owner: string): readonly string[] {
  return [...match.split(' '), '-m', 'comment', '--comment', owner, '-j', 'ACCEPT']
}

/** Rules of the chain as `iptables -S` prints them; `undefined` where there is no such command, or it fails. */
async function forwardRules(namespace?: string): Promise<readonly string[] | undefined> {
  try {
    return (await iptables(['-S', 'FORWARD'], namespace)).split('\n')
  } catch (error) {
    if (error instanceof CommandError) return undefined
    throw error
  }
}

function iptables(args: readonly string[], namespace: string | undefined): Promise<string> {
  return runCommand([...inNamespace(namespace), 'iptables', '-w', ...args])
}
