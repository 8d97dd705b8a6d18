import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { RuntimeImage } from '../runtime/images.ts'
import type { Credential } from './keyring.ts'
import type { VerifiesImage } from './pull-policy.ts'
import { fullName, parseImage } from './reference.ts'

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

/** What has to outlive the agent. */
export interface SavedPulls {
  /** By id of the image and repository. */
  readonly pulled: { readonly [key: string]: PullRecord }
  /** Images whose pull has begun, by their full name: what became of it is not known if the agent ends now. */
  readonly pulling: readonly string[]
}

export interface PullRecordsOptions {
  readonly before: SavedPulls
  readonly save: (pulls: SavedPulls) => void
  readonly verifies: VerifiesImage
}

/** Credentials of one image that are noted at most, beyond those that pulled it. */
const mostSecrets = 100

/**
 * Remembers with which credentials images were pulled, so that a pod that has none can't use what another pod's secret
 * opened. The policy says whether that holds for images, too, that nobody pulled here (imported, preloaded).
 */
export class PullRecords {
  readonly #records: Map<string, PullRecord>
  /** How many pulls of an image are under way. */
  readonly #pulling = new Map<string, number>()
  /** Images whose pull a former agent did not see the end of, until one of ours succeeds. */
  readonly #unclear: Set<string>
  readonly #options: PullRecordsOptions

  constructor(options: PullRecordsOptions) {
    this.#options = options
    this.#records = new Map(Object.entries(options.before.pulled))
    this.#unclear = new Set(options.before.pulling)
  }

  /** Whether a pod with these credentials may use an image that is here without asking the registry. */
  mayUse(found: RuntimeImage, image: string, credentials: () => readonly Credential[]): boolean {
    if (!this.#options.verifies(image, this.#wasPulledHere(found, image))) return true
    const { repository } = parseImage(image)
    const record = this.#records.get(keyOf(found.id, repository))
    if (!record || record.everyone) return record !== undefined
    for (const credential of credentials()) {
      const hash = hashOf(credential)
      const sameHash = record.secrets.find((secret) => secret.hash === hash)
      const samePlace = record.secrets.find((secret) => isSameSecret(secret, credential))
      if (!sameHash && !samePlace) continue
      if (sameHash !== samePlace && record.secrets.length < mostSecrets) {
        this.#note(found.id, repository, credential)
      }
      return true
    }
    return false
  }

  /** A pull begins. */
  begin(image: string): void {
    const name = fullName(image)
    const count = this.#pulling.get(name) ?? 0
    this.#pulling.set(name, count + 1)
    if (count === 0) this.#save()
  }

  /** A pull has failed. */
  failed(image: string): void {
    this.#end(image)
    this.#save()
  }

  /** A pull has succeeded. */
  pulled(imageId: string, image: string, credential: Credential | undefined): void {
    this.#end(image)
    this.#unclear.delete(fullName(image))
    this.#note(imageId, parseImage(image).repository, credential)
  }

  /** Forgets images that are gone. */
  prune(imageIds: ReadonlySet<string>): void {
    const gone = [...this.#records.keys()].filter((key) => !imageIds.has(idOf(key)))
    for (const key of gone) this.#records.delete(key)
    if (gone.length > 0) this.#save()
  }

  #wasPulledHere({ id, repoTags = [], repoDigests = [] }: RuntimeImage, image: string): boolean {
    const names = [fullName(image), ...repoTags, ...repoDigests]
    const isUnclear = names.some((name) => this.#pulling.has(name) || this.#unclear.has(name))
    return isUnclear || [...this.#records.keys()].some((key) => idOf(key) === id)
  }

  #end(image: string): void {
    const name = fullName(image)
    const count = this.#pulling.get(name) ?? 0
    if (count <= 1) this.#pulling.delete(name)
    else this.#pulling.set(name, count - 1)
  }

  #note(imageId: string, repository: string, credential: Credential | undefined): void {
    const key = keyOf(imageId, repository)
    const before = this.#records.get(key)
    if (!before?.everyone) {
      const others = (before?.secrets ?? []).filter((secret) => !credential || !isSameSecret(secret, credential))
      this.#records.set(key, {
        everyone: credential === undefined,
        secrets: credential ? [...others, { ...credential.secret, hash: hashOf(credential) }] : [],
      })
    }
    this.#save()
  }

  #save(): void {
    const pulling = [...new Set([...this.#unclear, ...this.#pulling.keys()])]
    this.#options.save({ pulled: Object.fromEntries(this.#records), pulling })
  }
}

const keyOf = (imageId: string, repository: string): string => `${imageId} ${repository}`
const idOf = (key: string): string => key.slice(0, key.indexOf(' '))

function isSameSecret(
  { uid, namespace, name }: PullRecord['secrets'][number],
  { secret }: Pick<Credential, 'secret'>,
): boolean {
  return secret.uid === uid && secret.namespace === namespace && secret.name === name
}

/** Tells credentials apart without keeping them. */
function hashOf({ auth }: Credential): string {
  const text = JSON.stringify([auth.username, auth.password, auth.identityToken, auth.registryToken])
  return bytesToHex(sha256(new TextEncoder().encode(text)))
}
