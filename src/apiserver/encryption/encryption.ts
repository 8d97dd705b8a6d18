import { sleep } from '#base'
import type { Component } from '#base'
import { aggregate, sha256Hex } from '#machinery'
import { serverIdentity } from '../bootstrap/identity-lease.ts'
import type { HealthCheck } from '../health/checks.ts'
import type { MetricsSource } from '../metrics/metrics.ts'
import type { ValueTransformer } from '../registry/object-store.ts'
import { buildTransformers, ruleName } from './build.ts'
import type { EncryptionTools, Transformers } from './build.ts'
import { readEncryptionConfiguration } from './configuration.ts'
import type { KmsProvider } from './kms/provider.ts'
import { EncryptionMetrics } from './metrics.ts'
import { identity } from './providers/identity.ts'
import type { Transformer } from './transformer.ts'

export interface EncryptionOptions extends Omit<EncryptionTools, 'metrics' | 'onReady'> {
  /** Name of the file with the EncryptionConfiguration, and its content as it is now. */
  readonly file: string
  readonly read: () => Promise<Uint8Array>
  /** Whether the configuration is read again when it changes. */
  readonly reload: boolean
  /** Of the server's machine. */
  readonly hostname: string
}

/** Encryption at rest, as an EncryptionConfiguration has it. */
export interface Encryption extends Component {
  /** Seals and opens the values of a resource. */
  transformerOf(resource: { readonly group: string; readonly plural: string }): ValueTransformer
  readonly healthChecks: readonly HealthCheck[]
  /** What runs once the server is up, for those who look at health. */
  readonly startHooks: readonly string[]
  readonly metrics: MetricsSource
  /** Calls back whenever more may be opened than before. */
  onReady(listener: () => void): void
  close(): void
}

/** @throws Error with upstream's message when the configuration can't be used. */
export async function openEncryption(options: EncryptionOptions): Promise<Encryption> {
  const metrics = new EncryptionMetrics(options.clock, serverIdentity(options.hostname))
  const listeners: (() => void)[] = []
  const tools = { ...options, metrics, onReady: () => listeners.forEach((listener) => listener()) }
  return new EncryptionAtRest(tools, await load(tools), listeners)
}

interface Loaded extends Transformers {
  readonly hash: string
}

type Tools = EncryptionOptions & EncryptionTools

async function load(tools: Tools, bytes?: Uint8Array): Promise<Loaded> {
  const content = bytes ?? (await readFile(tools))
  const configuration = readEncryptionConfiguration(content, tools.file, tools.reload)
  return { ...(await buildTransformers(configuration, tools)), hash: hashOf(content) }
}

async function readFile({ read }: Tools): Promise<Uint8Array> {
  try {
    return await read()
  } catch (cause) {
    throw new Error(`error while parsing file: error while loading file: ${(cause as Error).message}`, { cause })
  }
}

function hashOf(bytes: Uint8Array): string {
  return `sha256:${sha256Hex(bytes)}`
}

const pollMs = 60_000
const retryMs = 5_000
const healthPollMs = 100
const leastGraceMs = 10_000

class EncryptionAtRest implements Encryption {
  readonly name = 'encryption'
  readonly healthChecks: readonly HealthCheck[]
  readonly startHooks: readonly string[]
  readonly #tools: Tools
  readonly #listeners: (() => void)[]
  #loaded: Loaded

  constructor(tools: Tools, loaded: Loaded, listeners: (() => void)[]) {
    this.#tools = tools
    this.#listeners = listeners
    this.#loaded = loaded
    for (const provider of loaded.providers) provider.watch()
    tools.metrics.configured(loaded.hash)
    const watched = tools.reload || loaded.providers.length > 0
    this.healthChecks = watched ? [{ name: 'kms-providers', check: async () => problemOf(this.#loaded.providers) }] : []
    this.startHooks = tools.reload ? ['start-encryption-provider-config-automatic-reload'] : []
  }

  transformerOf({ group, plural }: { readonly group: string; readonly plural: string }): ValueTransformer {
    const resource = group === '' ? plural : `${plural}.${group}`
    // Rules change when the configuration does.
    let loaded: Loaded | undefined
    let rule: Transformer = identity
    const current = (): Transformer => {
      if (loaded !== this.#loaded) {
        loaded = this.#loaded
        rule = ruleFor(loaded, group, plural)
      }
      return rule
    }
    const rules = (): object => this.#loaded
    return {
      get rules() {
        return rules()
      },
      seal: (key, plain) => current().seal(plain, { resource, key }),
      open: (key, sealed) => current().open(sealed, { resource, key }).plain,
      isStale: (key, sealed) => current().open(sealed, { resource, key }).stale,
      prepare: (sealed) => current().prepare?.(sealed),
    }
  }

  readonly metrics: MetricsSource = () => this.#tools.metrics.families()

  /** Follows the file, if it is to be followed. */
  async start(signal: AbortSignal): Promise<void> {
    const { clock, reload } = this.#tools
    if (!reload) return
    while (!signal.aborted) {
      const taken = await this.#reload()
      try {
        await sleep(clock, taken ? pollMs : retryMs, signal)
      } catch {
        return
      }
    }
  }

  onReady(listener: () => void): void {
    this.#listeners.push(listener)
  }

  close(): void {
    for (const provider of this.#loaded.providers) provider.close()
  }

  /** Takes the file's content, if it is another. Answers false when it can't be used: that is to be tried again. */
  async #reload(): Promise<boolean> {
    const { clock, logger, metrics, file, read } = this.#tools
    let next: Loaded | undefined
    try {
      const bytes = await read()
      if (hashOf(bytes) === this.#loaded.hash) return true
      next = await load(this.#tools, bytes)
      await this.#untilWell(next)
    } catch (error) {
      for (const provider of next?.providers ?? []) provider.close()
      metrics.reloaded('failure')
      logger.error('Encryption configuration could not be taken', { file, error: (error as Error).message })
      return false
    }
    const before = this.#loaded
    this.#loaded = next
    for (const provider of next.providers) provider.watch()
    this.#tools.onReady()
    metrics.reloaded('success')
    metrics.configured(next.hash)
    logger.info('Encryption configuration was taken', { file, hash: next.hash })
    // Requests under way may still wait for the plugins of before.
    clock.timer(before.graceMs, () => {
      for (const provider of before.providers) provider.close()
    })
    return true
  }

  /** @throws Error when plugins don't get well in time. */
  async #untilWell({ providers, graceMs }: Loaded): Promise<void> {
    const { clock } = this.#tools
    const end = clock.monotonic() + Math.max(graceMs, leastGraceMs)
    for (;;) {
      const problem = await problemOf(providers)
      if (problem === undefined) return
      if (clock.monotonic() >= end)
        throw new Error(
          `health check for new transformers failed, polling error timed out waiting for the condition: ${problem}`,
        )
      await sleep(clock, healthPollMs)
    }
  }
}

function ruleFor({ byResource }: Loaded, group: string, plural: string): Transformer {
  const names = [
    { group, resource: plural },
    { group, resource: '*' },
    { group: '*', resource: '*' },
  ]
  for (const name of names) {
    const rule = byResource.get(ruleName(name))
    if (rule) return rule
  }
  return identity
}

/** What is wrong with plugins; `undefined` when nothing is. */
async function problemOf(providers: readonly KmsProvider[]): Promise<string | undefined> {
  const problems: string[] = []
  for (const [index, provider] of providers.entries()) {
    const failure = await provider.check()
    if (failure) problems.push(`kms-provider-${index}: ${failure.message}`)
  }
  return problems.length === 0 ? undefined : aggregate(problems)
}
