import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Clock } from '#base'
import { encodeJson } from '#machinery'
import type { RuntimeImage } from '../runtime/images.ts'
import type { PullCheck } from '../metrics/image-metrics.ts'
import type { Credential, ObjectIdentity } from './credential.ts'
import type { VerifiesImage } from './pull-policy.ts'
import { fullName, withoutTag } from './reference.ts'

/** An image that was pulled here. */
export interface PulledImage {
  /** Milliseconds since the epoch of the last change. */
  readonly updated: number
  /** What it was pulled with, by the names that containers gave it, without tag and digest. */
  readonly credentials: { readonly [name: string]: PullRecord }
}

/** What an image was pulled with under one name. */
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
  /** By id of the image. */
  readonly pulled: { readonly [imageId: string]: PulledImage }
  /** SHA-256 (hexadecimal) of the ids of images that were pulled here, but nobody can read with what. */
  readonly unreadable?: readonly string[]
  /** Images whose pull has begun, by their full name: what became of it is not known if the agent ends now. */
  readonly pulling: readonly string[]
}

export interface PullRecordsOptions {
  readonly before: SavedPulls
  readonly clock: Pick<Clock, 'now'>
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
  readonly #images: Map<string, PulledImage>
  readonly #unreadable: ReadonlySet<string>
  /** How many pulls of an image are under way. */
  readonly #pulling = new Map<string, number>()
  /** Images whose pull a former agent did not see the end of, until one of ours succeeds. */
  readonly #unclear: Set<string>
  readonly #options: PullRecordsOptions

  constructor(options: PullRecordsOptions) {
    this.#options = options
    this.#images = new Map(Object.entries(options.before.pulled))
    this.#unreadable = new Set(options.before.unreadable)
    this.#unclear = new Set(options.before.pulling.map(fullName))
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
    const name = withoutTag(image)
    const record = this.#images.get(found.id)?.credentials[name]
    if (record?.everyone) return 'credentialRecordFound'
    const { secrets = [], serviceAccounts = [] } = record ?? {}
    if (secrets.length === 0 && serviceAccounts.length === 0) return 'mustAuthenticate'
    const shown = await credentials()
    if (shown.some((credential) => this.#opensAsSecret(found.id, name, secrets, credential)))
      return 'credentialRecordFound'
    const account = shown.flatMap(({ source }) => (source.kind === 'serviceAccount' ? [source.serviceAccount] : []))[0]
    const isKnown = account && serviceAccounts.some((known) => isSame(known, account))
    return isKnown ? 'credentialRecordFound' : 'mustAuthenticate'
  }

  /** A secret that was used, or another one with the same credentials; what is new of it is noted. */
  #opensAsSecret(imageId: string, name: string, secrets: readonly SecretRecord[], credential: Credential): boolean {
    const { source } = credential
    if (source.kind !== 'secret') return false
    const hash = hashOf(credential)
    const sameHash = secrets.find((secret) => secret.hash === hash)
    const samePlace = secrets.find((secret) => isSame(secret, source.secret))
    if (!sameHash && !samePlace) return false
    if (sameHash !== samePlace && secrets.length < mostSecrets) this.#note(imageId, name, credential)
    return true
  }

  /** How many pulls are not known to have ended, and how many images are noted. */
  counts(): { readonly pulling: number; readonly pulled: number } {
    const pulling = new Set([...this.#unclear, ...this.#pulling.keys()]).size
    return { pulling, pulled: this.#images.size }
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
    this.#note(imageId, withoutTag(image), credential)
  }

  /**
   * Forgets images that are gone.
   *
   * @param imageIds were there at `when` (milliseconds since the epoch); what was pulled since then is not forgotten.
   */
  prune(imageIds: ReadonlySet<string>, when: number): void {
    const gone = [...this.#images].filter(([id, { updated }]) => updated < when && !imageIds.has(id))
    for (const [id] of gone) this.#images.delete(id)
    if (gone.length > 0) this.#save()
  }

  #wasPulledHere({ id, repoTags = [], repoDigests = [] }: RuntimeImage, image: string): boolean {
    const names = [fullName(image), ...repoTags, ...repoDigests]
    const isUnclear = names.some((name) => this.#pulling.has(name) || this.#unclear.has(name))
    return isUnclear || this.#images.has(id) || this.#unreadable.has(hashText(id))
  }

  #end(image: string): void {
    const name = fullName(image)
    const count = this.#pulling.get(name) ?? 0
    if (count <= 1) this.#pulling.delete(name)
    else this.#pulling.set(name, count - 1)
  }

  #note(imageId: string, name: string, credential: Credential | undefined): void {
    const credentials = this.#images.get(imageId)?.credentials ?? {}
    const before = credentials[name]
    if (!before?.everyone) {
      const updated = this.#options.clock.now()
      const now = { ...credentials, [name]: withCredential(before, credential) }
      this.#images.set(imageId, { updated, credentials: now })
    }
    this.#save()
  }

  #save(): void {
    const pulling = [...new Set([...this.#unclear, ...this.#pulling.keys()])]
    this.#options.save({ pulled: Object.fromEntries(this.#images), pulling })
  }
}

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

/** SHA-256 of a text, in hexadecimal. */
const hashText = (text: string): string => bytesToHex(sha256(new TextEncoder().encode(text)))

/** Tells credentials apart without keeping them: the hash of an ImagePullSecret (kubelet.config.k8s.io/v1beta1). */
function hashOf({ auth }: Credential): string {
  const { username, password, auth: pair, serverAddress, identityToken, registryToken } = auth
  const fields = {
    username,
    password,
    auth: pair,
    serveraddress: serverAddress,
    identitytoken: identityToken,
    registrytoken: registryToken,
  }
  return hashText(encodeJson(Object.fromEntries(Object.entries(fields).filter(([, value]) => value))))
}
