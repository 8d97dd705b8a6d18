import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Clock } from '#base'
import {
  areComplete,
  makeAuthorities,
  readAuthorities,
  readIfExists,
  writeAuthorities,
  writeFileAtomically,
} from '#pki'
import type { AuthorityFiles } from '#pki'
import type { Store } from '#store'
import { commonSettings } from '../state/settings.ts'
import type { ClusterSettings, CommonSettings } from '../state/settings.ts'
import { UserError } from '../user-error.ts'
import { seal, unseal } from './sealing.ts'

/** What the servers that share a store must agree in. */
interface Common {
  readonly authorities: AuthorityFiles
  readonly settings: CommonSettings
}

export interface SharingOptions {
  /** The store that they share. */
  readonly store: Store
  readonly clock: Clock
  /** Where this one keeps authorities and token. */
  readonly folder: string
  /** What this one would have, and what of it was asked for. */
  readonly settings: ClusterSettings
  readonly wanted: Partial<ClusterSettings>
  /** Seals what they have in common; as last time, or a new one for the first server, when absent. */
  readonly token: string | undefined
}

/** A server among others of its cluster. */
export interface SharedCluster {
  readonly token: string
  readonly settings: ClusterSettings
}

const key = '/registry/k8ts/servers'
const leastToken = 16

/**
 * Makes a server one of those that share a store. The first leaves there, sealed by a token, the authorities and what is
 * in every object; the others take it from there.
 *
 * @throws UserError when the token is missing or another, or this server belongs to another cluster.
 */
export async function shareCluster(options: SharingOptions): Promise<SharedCluster> {
  const { store, folder, settings, wanted } = options
  const tokenFile = join(folder, 'server-token')
  const given = options.token ?? (await readIfExists(tokenFile))?.trim()
  if (given !== undefined && given.length < leastToken) {
    throw new UserError(`--server-token must have at least ${leastToken} characters: it guards the keys of the cluster`)
  }
  await store.fresh()
  const local = await readAuthorities(folder)
  const found = store.snapshot().get(key)?.value
  const token = given ?? (found ? undefined : randomBytes(24).toString('base64url'))
  if (token === undefined) {
    throw new UserError(
      'the cluster in this etcd has servers already: give --server-token, which is in pki/server-token of their data folders',
    )
  }
  const common = open(found ?? (await establish(options, local, token)), token)
  for (const [name, content] of Object.entries(local)) {
    if (common.authorities[name] === content) continue
    throw new UserError(
      `${join(folder, name)} belongs to another cluster than the one in this etcd: take another --name or --data-dir, or another --etcd-prefix`,
    )
  }
  agree(common.settings, wanted)
  if (!areComplete(local)) await writeAuthorities(folder, common.authorities)
  await writeFileAtomically(tokenFile, `${token}\n`, { mode: 0o600, durable: true })
  return { token, settings: { ...settings, ...common.settings } }
}

/** Leaves what is common, unless another server was faster. @returns what is there then. */
async function establish(
  { store, clock, settings }: SharingOptions,
  local: AuthorityFiles,
  token: string,
): Promise<Uint8Array> {
  const authorities = areComplete(local) ? local : await makeAuthorities(clock)
  const common: Common = { authorities, settings: commonSettings(settings) }
  const value = seal(JSON.stringify(common), token, key)
  const result = await store.put(key, value, { expected: 0 })
  return result.committed ? value : (result.current?.value ?? value)
}

function open(value: Uint8Array, token: string): Common {
  const text = unseal(value, token, key)
  if (text !== undefined) return JSON.parse(text) as Common
  throw new UserError(
    'the servers of the cluster in this etcd have another token: give that with --server-token, which is in pki/server-token of their data folders',
  )
}

function agree(common: CommonSettings, wanted: Partial<ClusterSettings>): void {
  for (const [name, value] of Object.entries(common)) {
    const asked = wanted[name as keyof CommonSettings]
    if (asked === undefined || asked === value) continue
    throw new UserError(
      `the cluster in this etcd was made with ${name} ${value}, which can't become ${asked}: leave that flag out`,
    )
  }
}
