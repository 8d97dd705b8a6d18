import type { EncryptionConfiguration, Key, KMSConfiguration, ProviderConfiguration } from '#api/apiserver/v1'
import type { Clock, Logger } from '#base'
import { parseDuration, quote } from '#machinery'
import type { Ciphers } from './ciphers.ts'
import { decodeKey } from './keys.ts'
import { KmsEnvelope } from './kms/envelope.ts'
import { KmsProvider } from './kms/provider.ts'
import { measured } from './kms/service.ts'
import type { KmsService } from './kms/service.ts'
import type { EncryptionMetrics } from './metrics.ts'
import { Prefixes } from './prefixes.ts'
import type { Prefixed } from './prefixes.ts'
import { aesCbc, aesGcm } from './providers/aes.ts'
import { identity } from './providers/identity.ts'
import { secretbox } from './providers/secretbox.ts'
import { parseGroupResource } from './resource-rules.ts'
import type { GroupResourceName } from './resource-rules.ts'
import type { Transformer } from './transformer.ts'

/** What building transformers takes. */
export interface EncryptionTools {
  readonly clock: Clock
  readonly logger: Logger
  readonly ciphers: Ciphers
  readonly metrics: EncryptionMetrics
  /** The way to a KMS plugin; it need not be there yet. Calls end after that time. */
  readonly connect: (endpoint: string, timeoutMs: number) => KmsService
  /** Hears that a plugin is well for the first time. */
  readonly onReady: () => void
}

/** What a configuration comes to. */
export interface Transformers {
  /** By `resource.group`, `*.group` and `*.*`. */
  readonly byResource: ReadonlyMap<string, Transformer>
  readonly providers: readonly KmsProvider[]
  /** Milliseconds after which nobody waits for the plugins of this configuration any more. */
  readonly graceMs: number
}

/** Makes what seals and opens values; KMS plugins were asked once. @throws Error with upstream's message */
export async function buildTransformers(
  configuration: EncryptionConfiguration,
  tools: EncryptionTools,
): Promise<Transformers> {
  const builder = new Builder(tools)
  try {
    return await builder.build(configuration)
  } catch (error) {
    for (const provider of builder.providers) provider.close()
    throw new Error(`error while building transformers: ${(error as Error).message}`, { cause: error })
  }
}

class Builder {
  readonly providers: KmsProvider[] = []
  readonly #tools: EncryptionTools
  #timeoutMs = 0

  constructor(tools: EncryptionTools) {
    this.#tools = tools
  }

  async build({ resources }: EncryptionConfiguration): Promise<Transformers> {
    const rows = new Map<string, Prefixed[]>()
    for (const entry of resources) {
      const transformers: Prefixed[] = []
      for (const provider of entry.providers) transformers.push(await this.#provider(provider))
      for (const name of entry.resources) {
        const resource = parseGroupResource(name)
        const key = ruleName(resource)
        refuseMasked(resource, rows)
        rows.set(key, [...(rows.get(key) ?? []), ...transformers])
      }
    }
    const { metrics } = this.#tools
    const byResource = [...rows].map(
      ([name, transformers]) => [name, new Prefixes(transformers, 'no matching prefix found', metrics)] as const,
    )
    return { byResource: new Map(byResource), providers: this.providers, graceMs: 2 * this.#timeoutMs }
  }

  async #provider(provider: ProviderConfiguration): Promise<Prefixed> {
    const { ciphers } = this.#tools
    const { aesgcm, aescbc, secretbox: box, kms } = provider
    if (aesgcm) return this.#keyed('aesgcm', 'AES', aesgcm.keys, (key) => aesGcm(ciphers, key))
    if (aescbc) return this.#keyed('aescbc', 'AES', aescbc.keys, (key) => aesCbc(ciphers, key))
    if (box) return this.#keyed('secretbox', 'Secretbox', box.keys, (key) => secretbox(ciphers, key))
    return kms ? this.#kms(kms) : { prefix: '', transformer: identity }
  }

  #keyed(name: string, kind: string, keys: readonly Key[], make: (key: Uint8Array) => Transformer): Prefixed {
    const rows = keys.map((key) => ({
      prefix: `${key.name}:`,
      transformer: make(decodeKey(key.secret) ?? new Uint8Array()),
    }))
    const noMatch = `no matching key was found for the provided ${kind} transformer`
    return { prefix: `k8s:enc:${name}:v1:`, transformer: new Prefixes(rows, noMatch, this.#tools.metrics) }
  }

  async #kms({ apiVersion, name, endpoint, timeout = '3s' }: KMSConfiguration): Promise<Prefixed> {
    if (apiVersion === 'v1') throw new Error(v1IsOff)
    const { connect, logger, ciphers, metrics } = this.#tools
    const timeoutMs = Number(parseDuration(timeout) / 1_000_000n)
    const service = measured(connect(endpoint, timeoutMs), name, metrics)
    const provider = new KmsProvider({ ...this.#tools, name, service })
    this.providers.push(provider)
    this.#timeoutMs += timeoutMs
    const failure = await provider.check()
    // A plugin may start after the server.
    if (failure) logger.warn('KMS plugin is not well', { provider: name, error: failure.message })
    return { prefix: `k8s:enc:kms:v2:${name}:`, transformer: new KmsEnvelope(provider, ciphers, metrics) }
  }
}

const v1IsOff =
  'KMSv1 is deprecated and will only receive security updates going forward. Use KMSv2 instead.  ' +
  'Set --feature-gates=KMSv1=true to use the deprecated KMSv1 feature.'

/** Name under which a rule is found. */
export function ruleName({ group, resource }: GroupResourceName): string {
  return `${resource}.${group}`
}

/** @throws Error when an earlier rule already is about all resources that this one is about. */
function refuseMasked(resource: GroupResourceName, rules: ReadonlyMap<string, unknown>): void {
  for (const earlier of [
    { group: resource.group, resource: '*' },
    { group: '*', resource: '*' },
  ]) {
    if (!rules.has(ruleName(earlier))) continue
    throw new Error(`resource ${quote(shown(resource))} is masked by earlier rule ${quote(shown(earlier))}`)
  }
}

/** A rule as files have it. */
function shown({ group, resource }: GroupResourceName): string {
  return group === '' && resource !== '*' ? resource : `${resource}.${group}`
}
