import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { RuntimeImage } from '../runtime/images.ts'
import type { PullCheck } from '../metrics/image-metrics.ts'
import type { Credential, ObjectIdentity } from './credential.ts'
import type { VerifiesImage } from './pull-policy.ts'
import { fullName, parseImage } from './reference.ts'

/** What a pulled image was pulled with. */
export interface PullRecord {
  /** Pulled without credentials, or with those of the node: every pod may use it. */
  readonly everyone: boolean
  readonly secrets: readonly SecretRecord[]
  /** Accounts by whose tokens it was pulled (KEP-4412); none when absent. */
  readonly serviceAccounts?: readonly ObjectIdentity[]
}

interface SecretRecord extends ObjectIdentity {
  readonly hash: string
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

  /**
   * Whether a pod with these credentials may use an image that is here, or has to ask the registry.
   *
   * @param credentials are asked for only when it depends on them; what they reject with is passed on.
   */
  async check(
    found: RuntimeImage,
    image: string,
    credentials: () => Promise<readonly Credential[]>,
  ): Promise<Exclude<PullCheck, 'error'>> {
    if (!this.#options.verifies(image, this.#wasPulledHere(found, image))) return 'credentialPolicyAllowed'
    const { repository } = parseImage(image)
    const record = this.#records.get(keyOf(found.id, repository))
    if (record?.everyone) return 'credentialRecordFound'
    const { secrets = [], serviceAccounts = [] } = record ?? {}
    if (secrets.length === 0 && serviceAccounts.length === 0) return 'mustAuthenticate'
    const shown = await credentials()
    if (shown.some((credential) => this.#opensAsSecret(found.id, repository, secrets, credential)))
      return 'credentialRecordFound'
    const account = shown.flatMap(({ source }) => (source.kind === 'serviceAccount' ? [source.serviceAccount] : []))[0]
    const isKnown = account && serviceAccounts.some((known) => isSame(known, account))
    return isKnown ? 'credentialRecordFound' : 'mustAuthenticate'
  }

  /** A secret that was used, or another one with the same credentials; what is new of it is noted. */
  #opensAsSecret(
    imageId: string,
    repository: string,
    secrets: readonly SecretRecord[],
    credential: Credential,
  ): boolean {
    const { source } = credential
    if (source.kind !== 'secret') return false
    const hash = hashOf(credential)
    const sameHash = secrets.find((secret) => secret.hash === hash)
    const samePlace = secrets.find((secret) => isSame(secret, source.secret))
    if (!sameHash && !samePlace) return false
    if (sameHash !== samePlace && secrets.length < mostSecrets) this.#note(imageId, repository, credential)
    return true
  }

  /** How many pulls are not known to have ended, and how many images are noted. */
  counts(): { readonly pulling: number; readonly pulled: number } {
    const pulling = new Set([...this.#unclear, ...this.#pulling.keys()]).size
    return { pulling, pulled: new Set([...this.#records.keys()].map(idOf)).size }
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
    if (!before?.everyone) this.#records.set(key, withCredential(before, credential))
    this.#save()
  }

  #save(): void {
    const pulling = [...new Set([...this.#unclear, ...this.#pulling.keys()])]
    this.#options.save({ pulled: Object.fromEntries(this.#records), pulling })
  }
}

const keyOf = (imageId: string, repository: string): string => `${imageId} ${repository}`
const idOf = (key: string): string => key.slice(0, key.indexOf(' '))

/** What is known of an image when it was also pulled with this; without a credential, or with the node's, for everyone. */
function withCredential(before: PullRecord | undefined, credential: Credential | undefined): PullRecord {
  const { secrets = [], serviceAccounts = [] } = before ?? {}
  if (!credential || credential.source.kind === 'node') return { everyone: true, secrets: [] }
  const { source } = credential
  if (source.kind === 'secret') {
    const others = secrets.filter((secret) => !isSame(secret, source.secret))
    return { everyone: false, secrets: [...others, { ...source.secret, hash: hashOf(credential) }], serviceAccounts }
  }
  const others = serviceAccounts.filter((account) => !isSame(account, source.serviceAccount))
  return { everyone: false, secrets, serviceAccounts: [...others, source.serviceAccount] }
}

const isSame = (one: ObjectIdentity, other: ObjectIdentity): boolean =>
  one.uid === other.uid && one.namespace === other.namespace && one.name === other.name

/** Tells credentials apart without keeping them. */
function hashOf({ auth }: Credential): string {
  const text = JSON.stringify([auth.username, auth.password, auth.identityToken, auth.registryToken])
  return bytesToHex(sha256(new TextEncoder().encode(text)))
}
