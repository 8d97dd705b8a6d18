import {
  advertisedServer,
  createToken,
  deleteToken,
  formatToken,
  joinWords,
  listTokens,
  parseToken,
  usageError,
  withCluster,
} from '#cluster'
import type { TokenDetails, TokenUsage } from '#cluster'
import { systemClock } from '#base'
import { humanDuration } from '#machinery'
import type { Command, Terminal } from '../command.ts'
import { flagCommand } from '../flag-command.ts'
import type { FlagSet } from '../flags/flag.ts'
import { duration, list, optional, text, toggle } from '../flags/kinds.ts'
import { nearest } from '../flags/nearest.ts'
import { clusterFlags, layoutOf } from './cluster-flags.ts'
import type { ClusterFlags } from './cluster-flags.ts'

interface TokenFlags extends ClusterFlags {
  readonly kubeconfig: string | undefined
  readonly ttl: number
  readonly usages: readonly string[]
  readonly groups: readonly string[]
  readonly description: string
  readonly 'print-join-command': boolean
}

const flags: FlagSet<TokenFlags> = {
  ...clusterFlags,
  kubeconfig: optional("Who asks, and which cluster; the administrator of --name's when absent.", 'file'),
  ttl: duration(24 * 3_600_000, 'How long a new token is good for; 0 for ever.'),
  usages: list([], 'What a new token is for: signing, authentication; both when absent.'),
  groups: list([], 'Groups of those who show a new token; the one of nodes that join when absent.'),
  description: text('', 'What a new token is made for, for those who list it.'),
  'print-join-command': toggle(false, 'Prints the command by which a machine joins, with a new token.'),
}

const verbs = ['create', 'list', 'delete'] as const
/** Tokens by which machines join. */
export const tokenCommand: Command = flagCommand({
  name: 'token',
  usage: 'token create [TOKEN] | list | delete ID... [flags]',
  about: 'Makes, lists and deletes the tokens by which machines join a cluster.',
  flags,
  takesParameters: true,
  async run({ values, rest }, terminal) {
    const [given, ...words] = rest
    const verb = verbs.find((each) => each === given)
    if (verb === undefined) {
      const close = given === undefined ? undefined : nearest(given, verbs)
      throw usageError(
        `k8ts token wants create, list or delete${close === undefined ? '' : `, did you mean ${close}?`} (see k8ts token --help)`,
      )
    }
    const kubeconfig = values.kubeconfig ?? layoutOf(values).adminKubeconfig
    if (verb === 'create') await create(kubeconfig, words, values, terminal)
    else if (verb === 'list') await listAll(kubeconfig, words, terminal)
    else await remove(kubeconfig, words, terminal)
    return 0
  },
})

async function create(
  kubeconfig: string,
  [token, ...more]: readonly string[],
  values: TokenFlags,
  terminal: Terminal,
): Promise<void> {
  if (more.length > 0)
    throw usageError(`k8ts token create takes one token at most, but ${JSON.stringify(more[0])} was given too`)
  const usages = values.usages.map(usageOf)
  const { groups, description } = values
  const wanted = {
    ttlMs: values.ttl,
    description,
    ...(token === undefined ? {} : { token: parseToken(token) }),
    ...(usages.length > 0 ? { usages } : {}),
    ...(groups.length > 0 ? { groups } : {}),
  }
  await withCluster(kubeconfig, async ({ client, authority }) => {
    // Where no machine can join, there is to be no token for one.
    const server = values['print-join-command'] ? await advertisedServer(client) : undefined
    const made = await createToken(client, systemClock, wanted)
    terminal.print(server === undefined ? formatToken(made) : joinWords(server, made, authority).join(' '))
  })
}

async function listAll(kubeconfig: string, words: readonly string[], terminal: Terminal): Promise<void> {
  if (words.length > 0)
    throw usageError(`k8ts token list takes no parameters, but ${JSON.stringify(words[0])} was given`)
  const tokens = await withCluster(kubeconfig, ({ client }) => listTokens(client))
  const head = ['TOKEN', 'TTL', 'EXPIRES', 'USAGES', 'DESCRIPTION', 'EXTRA GROUPS']
  const rows = [head, ...tokens.map((token) => rowOf(token, systemClock.now()))]
  const widths = head.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  for (const row of rows)
    terminal.print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('   ')
        .trimEnd(),
    )
}

function rowOf(token: TokenDetails, now: number): string[] {
  const { expiresAt, usages, description, groups } = token
  const ttl = expiresAt === undefined ? '<forever>' : expiresAt <= now ? '<invalid>' : humanDuration(expiresAt - now)
  const expires = expiresAt === undefined ? '<never>' : new Date(expiresAt).toISOString().replace('.000', '')
  const orNone = (text: string): string => (text === '' ? '<none>' : text)
  return [
    formatToken(token),
    ttl,
    expires,
    orNone([...usages].sort().join(',')),
    orNone(description),
    orNone(groups.join(',')),
  ]
}

async function remove(kubeconfig: string, ids: readonly string[], terminal: Terminal): Promise<void> {
  if (ids.length === 0) throw usageError('no token was named: k8ts token delete ID, as k8ts token list shows it')
  const odd = ids.find((id) => !/^[a-z0-9]{6}(\.[a-z0-9]{16})?$/.test(id))
  if (odd !== undefined)
    throw usageError(`${JSON.stringify(odd)} is neither a token nor its id: k8ts token list shows them`)
  await withCluster(kubeconfig, async ({ client }) => {
    for (const id of ids) {
      await deleteToken(client, id)
      terminal.print(`bootstrap token "${id.split('.')[0]}" deleted`)
    }
  })
}

function usageOf(text: string): TokenUsage {
  if (text === 'signing' || text === 'authentication') return text
  throw usageError(`flag --usages: it is "${text}", must be signing or authentication`)
}
