import { randomInt } from 'node:crypto'
import { secrets } from '#api/core/v1'
import type { Secret } from '#api/core/v1'
import type { Clock } from '#base'
import type { Client } from '#client'
import { isNotFound, parseTime } from '#machinery'
import { UserError } from '../user-error.ts'
import { nodeTokenGroup } from './names.ts'

const namespace = 'kube-system'
const type = 'bootstrap.kubernetes.io/token'
const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

export type TokenUsage = 'signing' | 'authentication'

/** A bootstrap token: `id.secret`. */
export interface BootstrapToken {
  /** Six lower-case letters and digits, which are no secret. */
  readonly id: string
  /** Sixteen of them, which are. */
  readonly secret: string
}

export interface TokenDetails extends BootstrapToken {
  readonly usages: readonly TokenUsage[]
  readonly groups: readonly string[]
  readonly description: string
  /** Milliseconds since 1970; `undefined` for tokens that do not expire. */
  readonly expiresAt: number | undefined
}

export interface NewToken {
  /** Made up when absent. */
  readonly token?: BootstrapToken
  /** Milliseconds that it is good for; 0 for ever. */
  readonly ttlMs: number
  readonly usages?: readonly TokenUsage[]
  /** Groups of whoever shows it, each beginning with `system:bootstrappers:`. */
  readonly groups?: readonly string[]
  readonly description?: string
}

export const formatToken = ({ id, secret }: BootstrapToken): string => `${id}.${secret}`

/** @throws UserError when the text is none. */
export function parseToken(text: string): BootstrapToken {
  const [, id, secret] = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(text) ?? []
  if (id === undefined || secret === undefined) {
    throw new UserError(
      'the token does not have the form abcdef.0123456789abcdef: k8ts token create on the server makes one that has',
      { exitCode: 2 },
    )
  }
  return { id, secret }
}

/** Makes a bootstrap token known to the cluster. @throws UserError, StatusError */
export async function createToken(client: Client, clock: Clock, wanted: NewToken): Promise<BootstrapToken> {
  const { token = randomToken(), ttlMs, usages = ['signing', 'authentication'] } = wanted
  const { groups = [nodeTokenGroup], description = '' } = wanted
  const odd = groups.find((group) => !/^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/.test(group))
  if (odd !== undefined) {
    throw new UserError(`group ${JSON.stringify(odd)} can't be a token's: it has to begin with system:bootstrappers:`, {
      exitCode: 2,
    })
  }
  await client.create(secrets, {
    metadata: { name: `bootstrap-token-${token.id}`, namespace },
    type,
    data: encoded({
      'token-id': token.id,
      'token-secret': token.secret,
      ...(ttlMs > 0 ? { expiration: new Date(clock.now() + ttlMs).toISOString().replace(/\.\d+Z$/, 'Z') } : {}),
      ...Object.fromEntries(usages.map((usage) => [`usage-bootstrap-${usage}`, 'true'])),
      ...(groups.length > 0 && usages.includes('authentication') ? { 'auth-extra-groups': groups.join(',') } : {}),
      ...(description === '' ? {} : { description }),
    }),
  })
  return token
}

/** All bootstrap tokens, in the order of their ids. @throws StatusError */
export async function listTokens(client: Client): Promise<TokenDetails[]> {
  const { items } = await client.list(secrets, { namespace }, { fieldSelector: `type=${type}` })
  return items.flatMap((secret) => detailsOf(secret) ?? []).sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** @param id of a token, or the whole of it. @throws UserError when there is no such token, StatusError */
export async function deleteToken(client: Client, id: string): Promise<void> {
  const [short = ''] = id.split('.')
  await client.delete(secrets, { namespace, name: `bootstrap-token-${short}` }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error
    throw new UserError(`there is no token ${short}: k8ts token list shows those there are`)
  })
}

/** A token that still lets machines in, for an hour at least; a new one when there is none. @throws StatusError */
export async function usableToken(client: Client, clock: Clock, ttlMs: number): Promise<BootstrapToken> {
  const found = (await listTokens(client)).find(
    ({ usages, groups, expiresAt = Infinity }) =>
      usages.includes('signing') &&
      usages.includes('authentication') &&
      groups.includes(nodeTokenGroup) &&
      expiresAt > clock.now() + hourMs,
  )
  return found ?? createToken(client, clock, { ttlMs, description: 'for machines to join by' })
}

const hourMs = 3_600_000

function randomToken(): BootstrapToken {
  const letters = (count: number): string =>
    Array.from({ length: count }, () => alphabet.charAt(randomInt(alphabet.length))).join('')
  return { id: letters(6), secret: letters(16) }
}

function detailsOf({ data = {} }: Secret): TokenDetails | undefined {
  const field = (name: string): string => Buffer.from(data[name] ?? '', 'base64').toString()
  const [id, secret] = [field('token-id'), field('token-secret')]
  if (id === '' || secret === '') return undefined
  const expiration = field('expiration')
  return {
    id,
    secret,
    usages: (['signing', 'authentication'] as const).filter((usage) => field(`usage-bootstrap-${usage}`) === 'true'),
    groups: field('auth-extra-groups')
      .split(',')
      .filter((group) => group !== ''),
    description: field('description'),
    expiresAt: expiration === '' ? undefined : timeOf(expiration),
  }
}

/** A time that can't be read counts as over, as for the API server. */
function timeOf(text: string): number {
  try {
    parseTime(text)
    return Date.parse(text)
  } catch {
    return 0
  }
}

const encoded = (fields: { readonly [name: string]: string }): { [name: string]: string } =>
  Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, Buffer.from(text).toString('base64')]))
