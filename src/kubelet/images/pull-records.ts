import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Credential } from './keyring.ts'

/** What a pulled image was pulled with. */
export interface PullRecord {
  /** Pulled without credentials, or with those of the node: every pod may use it. */
  readonly everyone: boolean
  readonly secrets: readonly {
    readonly uid: string
    readonly namespace: string
    readonly name: string
    readonly hash: string
  }[]
}

/**
 * Remembers with which credentials images were pulled, so that a pod that has none can't use what another pod's secret
 * opened. Images that nobody pulled here (imported, preloaded) are for everyone.
 */
export class PullRecords {
  readonly #records: Map<string, PullRecord>
  readonly #save: (records: { readonly [key: string]: PullRecord }) => void

  constructor(
    before: { readonly [key: string]: PullRecord } = {},
    save: (records: { readonly [key: string]: PullRecord }) => void = () => {},
  ) {
    this.#records = new Map(Object.entries(before))
    this.#save = save
  }

  /** Whether a pod with these credentials may use an image without asking the registry. */
  mayUse(imageId: string, repository: string, credentials: () => readonly Credential[]): boolean {
    const known = [...this.#records.keys()].some((key) => key.startsWith(`${imageId} `))
    if (!known) return true
    const record = this.#records.get(keyOf(imageId, repository))
    if (!record) return false
    if (record.everyone) return true
    return credentials().some((credential) => {
      const hash = hashOf(credential)
      const { uid, namespace, name } = credential.secret
      return record.secrets.some(
        (secret) =>
          secret.hash === hash || (secret.uid === uid && secret.namespace === namespace && secret.name === name),
      )
    })
  }

  pulled(imageId: string, repository: string, credential: Credential | undefined): void {
    const key = keyOf(imageId, repository)
    const before = this.#records.get(key)
    if (before?.everyone) return
    const record: PullRecord = credential
      ? {
          everyone: false,
          secrets: [
            ...(before?.secrets ?? []).filter(({ uid }) => uid !== credential.secret.uid),
            { ...credential.secret, hash: hashOf(credential) },
          ],
        }
      : { everyone: true, secrets: [] }
    this.#records.set(key, record)
    this.#save(Object.fromEntries(this.#records))
  }

  /** Forgets images that are gone. */
  prune(imageIds: ReadonlySet<string>): void {
    const gone = [...this.#records.keys()].filter((key) => !imageIds.has(key.slice(0, key.indexOf(' '))))
    for (const key of gone) this.#records.delete(key)
    if (gone.length > 0) this.#save(Object.fromEntries(this.#records))
  }
}

const keyOf = (imageId: string, repository: string): string => `${imageId} ${repository}`

/** Tells credentials apart without keeping them. */
function hashOf({ auth }: Credential): string {
  const text = JSON.stringify([auth.username, auth.password, auth.identityToken, auth.registryToken])
  return bytesToHex(sha256(new TextEncoder().encode(text)))
}
