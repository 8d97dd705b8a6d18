import { defer, messageOf, sleep } from '#base'
import type { Pod } from '#api/core/v1'
import type { Manifest, ManifestHeaders, Manifests } from '../seams/manifests.ts'
import type { SourceOptions } from './source-options.ts'
import { staticPod } from './static-pod.ts'

export interface UrlSourceOptions extends SourceOptions {
  readonly manifests: Pick<Manifests, 'get' | 'parse'>
  readonly url: string
  readonly headers: ManifestHeaders
  /** Milliseconds between an answer and the next question. */
  readonly everyMs: number
}

/** Failures in a row that are told to everybody. */
const toldFailures = 4

/** Pods from a URL (`staticPodURL`): one, or a list. What can't be used leaves those that are there as they are. */
export class UrlSource {
  readonly #options: UrlSourceOptions
  /** The answer that was read last. */
  #text: string | undefined
  #failures = 0
  readonly #seen = defer<void>()

  constructor(options: UrlSourceOptions) {
    this.#options = options
  }

  /** Resolves when the URL has said which pods it has. */
  get seen(): Promise<void> {
    return this.#seen.promise
  }

  /** Asks again and again until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, everyMs } = this.#options
    while (!signal.aborted) {
      await this.#ask()
      await sleep(clock, everyMs, signal).catch(() => {})
    }
  }

  async #ask(): Promise<void> {
    const { log } = this.#options
    try {
      await this.#read()
      if (this.#failures > 0) log.info('Successfully read pods from URL')
      this.#failures = 0
    } catch (error) {
      this.#failures++
      const failure = { err: messageOf(error) }
      if (this.#failures < toldFailures) log.info('Failed to read pods from URL', failure)
      else if (this.#failures === toldFailures)
        log.info('Failed to read pods from URL. Dropping verbosity of this message to V(4)', failure)
      else log.debug('Failed to read pods from URL', failure)
    }
  }

  async #read(): Promise<void> {
    const { manifests, url, headers } = this.#options
    const { status, text } = await manifests.get(url, headers)
    if (!status.startsWith('200 ')) throw new Error(`${url}: ${status}`)
    if (text === '') {
      // The same pods may come back.
      this.#text = undefined
      this.#found([])
      throw new Error(`zero-length data received from ${url}`)
    }
    if (text === this.#text) return
    this.#text = text
    this.#found(await this.#podsOf(text))
  }

  #found(pods: readonly Pod[]): void {
    this.#options.found(pods)
    this.#seen.resolve()
  }

  async #podsOf(text: string): Promise<readonly Pod[]> {
    const { manifests, url, clock, nodeName, validate } = this.#options
    const items = itemsOf(manifests.parse(text))
    if ('error' in items) throw new Error(`${url}: received '${text}', but couldn't parse as ${items.error}`)
    const pods: Pod[] = []
    for (const item of items.pods)
      pods.push(await staticPod(item, { source: 'http', place: url, nodeName, now: clock.now(), validate }))
    return pods
  }
}

/** Objects that are to be pods: one, or those of a list. */
function itemsOf(manifest: Manifest): { readonly pods: readonly unknown[] } | { readonly error: string } {
  if ('error' in manifest) return { error: `single (${manifest.error}) or multiple pods (${manifest.error})` }
  const { kind, apiVersion, items } = (manifest.object ?? {}) as {
    readonly kind?: unknown
    readonly apiVersion?: unknown
    readonly items?: unknown
  }
  const what = `${String(apiVersion)} ${String(kind)}`
  if (what === 'v1 Pod') return { pods: [manifest.object] }
  if (what !== 'v1 PodList')
    return { error: `single (it holds ${what}, want v1 Pod) or multiple pods (it holds ${what}, want v1 PodList)` }
  return { pods: (Array.isArray(items) ? items : []).map((item: object) => ({ ...item, ...onePod })) }
}

const onePod = { kind: 'Pod', apiVersion: 'v1' } as const
