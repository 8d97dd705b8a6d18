import { messageOf } from '#base'
import type { Clock } from '#base'
import type { ObjectReference, Pod, Secret } from '#api/core/v1'
import { TokenBucket, type TokenBucketOptions } from '#client'
import { formatDuration, quote } from '#machinery'
import type { AgentMetrics } from '../metrics/agent-metrics.ts'
import { KeyedBackoff } from '../pods/backoff.ts'
import { descriptionOf, hasRuntimeCode } from '../runtime/error.ts'
import type { AuthConfig, ImageService, ImageSpec, RuntimeImage } from '../runtime/images.ts'
import { uidOf } from '../pods/containers.ts'
import type { Credential } from './credential.ts'
import type { PullCredentials } from './pull-credentials.ts'
import { PullQueue } from './pull-queue.ts'
import type { PullRecords } from './pull-records.ts'
import { parseImage, withDefaultTag } from './reference.ts'
import type { RecordEvent } from '../record-event.ts'

export type PullPolicy = 'Always' | 'IfNotPresent' | 'Never'

export interface ImageRequest {
  readonly pod: Pod
  readonly image: string
  readonly policy: PullPolicy
  /** Container that events are about. */
  readonly reference: ObjectReference
  readonly pullSecrets: readonly Secret[]
}

/** The image is there, or why it is not: a reason of the container's waiting state. */
export type ImageOutcome =
  | { readonly image: RuntimeImage; readonly imageRef: string }
  | { readonly reason: string; readonly message: string }

export interface ImageManagerOptions {
  readonly images: ImageService
  readonly clock: Clock
  readonly records: PullRecords
  readonly credentials: PullCredentials
  readonly record: RecordEvent
  /** Pulls at a time; 1 for one after the other. */
  readonly parallelPulls: number
  /** Pulls that may begin each second, and at once; 0 a second for as many as there are. */
  readonly pullRate: TokenBucketOptions
  readonly metrics: Pick<AgentMetrics, 'images' | 'node' | 'starts'>
}

type LookUp = () => Promise<readonly Credential[]>

const firstBackoffMs = 10_000
const longestBackoffMs = 300_000

/** Sees to it that images are on the machine before containers start, by their pull policy. */
export class ImageManager {
  readonly #options: ImageManagerOptions
  readonly #backoff: KeyedBackoff
  readonly #queue: PullQueue
  readonly #rate: TokenBucket | undefined
  /** Why the last pull failed, by pod and image. */
  readonly #failures = new Map<string, string>()

  constructor(options: ImageManagerOptions) {
    this.#options = options
    this.#backoff = new KeyedBackoff(options.clock, firstBackoffMs, longestBackoffMs)
    this.#queue = new PullQueue(options.parallelPulls)
    if (options.pullRate.perSecond > 0) this.#rate = new TokenBucket(options.clock, options.pullRate)
  }

  async ensure(request: ImageRequest): Promise<ImageOutcome> {
    const { image, policy } = request
    const { metrics } = this.#options
    let name: string
    try {
      name = withDefaultTag(image)
    } catch (error) {
      metrics.images.asked(policy, {})
      const message = `Failed to apply default image tag ${quote(image)}: ${messageOf(error)}`
      return this.#fail(request, 'InspectFailed', 'InvalidImageName', message)
    }
    const annotations = request.pod.metadata.annotations ?? {}
    const spec: ImageSpec = { image: name, annotations, userSpecifiedImage: image }
    const credentials = this.#credentials(request, name)
    let known: readonly Credential[]
    try {
      if (policy === 'Always') metrics.images.asked(policy, { needsPull: true })
      else {
        const present = await this.#present(request, spec, credentials)
        if (present) return present
        if (policy === 'Never') return this.#missing(request)
      }
      known = await credentials()
    } catch (error) {
      // Credentials that can't be read: what is wrong with them is the reason, too.
      return { reason: messageOf(error), message: messageOf(error) }
    }
    return this.#pull(request, spec, known)
  }

  /** Credentials of the pod for an image, looked up when they are first needed. */
  #credentials({ pod, pullSecrets }: ImageRequest, name: string): LookUp {
    let found: Promise<readonly Credential[]> | undefined
    return () => (found ??= this.#options.credentials.of(parseImage(name).repository, pod, pullSecrets))
  }

  /** Forgets delays that are over. */
  collect(): void {
    this.#backoff.collect()
  }

  async #present(request: ImageRequest, spec: ImageSpec, credentials: LookUp): Promise<ImageOutcome | undefined> {
    const { images, record, metrics } = this.#options
    const { policy } = request
    let found: RuntimeImage | undefined
    try {
      found = await images.status(spec)
    } catch (error) {
      metrics.images.asked(policy, {})
      const message = `Failed to inspect image ${quote('')}: ${messageOf(error)}`
      return this.#fail(request, 'InspectFailed', 'ImageInspectError', message)
    }
    if (!found) {
      metrics.images.asked(policy, { isPresent: false, ...(policy === 'Never' ? {} : { needsPull: true }) })
      return undefined
    }
    const needsPull = await this.#needsPull(request, found, credentials)
    metrics.images.asked(policy, { isPresent: true, needsPull })
    if (needsPull) return undefined
    const message = `Container image ${quote(request.image)} already present on machine and can be accessed by the pod`
    record(request.reference, 'Normal', 'Pulled', message)
    return { image: found, imageRef: found.id }
  }

  async #needsPull(request: ImageRequest, found: RuntimeImage, credentials: LookUp): Promise<boolean> {
    const { records, metrics } = this.#options
    try {
      const check = await records.check(found, request.image, credentials)
      metrics.images.checked(check)
      return check === 'mustAuthenticate'
    } catch (error) {
      metrics.images.checked('error')
      metrics.images.asked(request.policy, { isPresent: true })
      throw error
    }
  }

  #missing(request: ImageRequest): ImageOutcome {
    const message = `Container image ${quote(request.image)} is not present with pull policy of Never`
    return this.#fail(request, 'ErrImageNeverPull', 'ErrImageNeverPull', message)
  }

  async #pull(request: ImageRequest, spec: ImageSpec, credentials: readonly Credential[]): Promise<ImageOutcome> {
    const { clock, images, record, records, metrics } = this.#options
    const { image, reference } = request
    const podUid = uidOf(request.pod)
    const key = `${podUid}_${image}`
    if (this.#backoff.isWithinUpdate(key)) {
      const message = `Back-off pulling image ${quote(image)}`
      record(reference, 'Normal', 'BackOff', message)
      const failure = this.#failures.get(key)
      return { reason: 'ImagePullBackOff', message: failure === undefined ? message : `${message}: ${failure}` }
    }
    this.#failures.delete(key)
    record(reference, 'Normal', 'Pulling', `Pulling image ${quote(image)}`)
    const asked = clock.monotonic()
    let began = asked
    records.begin(image)
    const pulledFor = metrics.starts.pulling(podUid)
    try {
      const used = await this.#queue.run(async () => {
        began = clock.monotonic()
        return this.#pullWithAny(spec, credentials)
      })
      const pulled = await images.status(spec)
      const now = clock.monotonic()
      const size = pulled?.size ?? 0
      metrics.node.pulled(size, now - asked)
      const took = `${inMillis(now - began)} (${inMillis(now - asked)} including waiting)`
      record(
        reference,
        'Normal',
        'Pulled',
        `Successfully pulled image ${quote(image)} in ${took}. Image size: ${size} bytes.`,
      )
      const found = pulled ?? { id: used.imageRef, size: 0 }
      records.pulled(found.id, image, used.credential)
      this.#backoff.collect()
      return { image: found, imageRef: used.imageRef }
    } catch (error) {
      records.failed(image)
      record(reference, 'Warning', 'Failed', `Failed to pull image ${quote(image)}: ${messageOf(error)}`)
      this.#backoff.next(key, clock.now())
      const outcome = pullFailure(image, messageOf(error))
      this.#failures.set(key, `${outcome.reason}: ${outcome.message}`)
      return outcome
    } finally {
      pulledFor()
    }
  }

  /** Tries credentials in turn; without any, pulls as anybody may. */
  async #pullWithAny(
    spec: ImageSpec,
    credentials: readonly Credential[],
  ): Promise<{ readonly imageRef: string; readonly credential: Credential | undefined }> {
    const { images } = this.#options
    if (this.#rate && !this.#rate.tryTake()) throw new Error('pull QPS exceeded')
    if (credentials.length === 0) return { imageRef: await said(images.pull(spec)), credential: undefined }
    const failures: unknown[] = []
    for (const credential of credentials) {
      const auth: AuthConfig = credential.auth
      try {
        return { imageRef: await said(images.pull(spec, auth)), credential }
      } catch (error) {
        if (hasRuntimeCode(error, 'Unavailable')) throw error
        failures.push(error)
      }
    }
    if (failures.length === 1) throw failures[0]
    throw new Error(`[${[...new Set(failures.map(messageOf))].join(', ')}]`)
  }

  #fail(request: ImageRequest, event: string, reason: string, message: string): ImageOutcome {
    this.#options.record(request.reference, 'Warning', event, message)
    return { reason, message }
  }
}

const inMillis = (ms: number): string => formatDuration(BigInt(Math.floor(ms)) * 1_000_000n)

/** Runtimes mark two kinds of failures by how their text begins. */
function pullFailure(image: string, text: string): { readonly reason: string; readonly message: string } {
  for (const [reason, why] of [
    ['RegistryUnavailable', 'the registry is unavailable'],
    ['SignatureValidationFailed', 'the signature validation failed'],
  ] as const) {
    if (text.startsWith(reason)) {
      return { reason, message: `image pull failed for ${image} because ${why}${text.slice(reason.length)}` }
    }
  }
  return { reason: 'ErrImagePull', message: text }
}

/** A failure without a class of its own is told in the runtime's words alone. */
async function said(pull: Promise<string>): Promise<string> {
  try {
    return await pull
  } catch (error) {
    if (hasRuntimeCode(error, 'Unknown')) throw new Error(descriptionOf(error), { cause: error })
    throw error
  }
}
