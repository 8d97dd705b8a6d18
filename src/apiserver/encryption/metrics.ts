import type { Clock } from '#base'
import { exponentialBounds, gathered, Histogram, labelText } from '#machinery'
import type { LabelSet, MetricFamily, MetricType } from '#machinery'
import { hashText } from './kms/checks.ts'
import { statusOfFailure } from './transformer.ts'

export type Direction = 'from_storage' | 'to_storage'

/** Series of keys are given up when there are more, those that were not used for longest first. */
const mostKeySeries = 100

/** Upstream's metrics of encryption at rest. */
export class EncryptionMetrics {
  readonly #clock: Clock
  readonly #server: string
  readonly #operations = new Series('apiserver_storage_transformation_operations_total', 'counter')
  readonly #durations = new Histograms(
    'apiserver_storage_transformation_duration_seconds',
    exponentialBounds(5e-6, 2, 25),
  )
  readonly #calls = new Histograms(
    'apiserver_envelope_encryption_kms_operations_latency_seconds',
    exponentialBounds(1e-4, 2, 20),
  )
  readonly #keyGeneration = new Histograms(
    'apiserver_storage_data_key_generation_duration_seconds',
    exponentialBounds(5e-6, 2, 14),
  )
  readonly #keyFailures = new Series('apiserver_storage_data_key_generation_failures_total', 'counter')
  readonly #misses = new Series('apiserver_storage_envelope_transformation_cache_misses_total', 'counter')
  readonly #uses = new Series('apiserver_envelope_encryption_key_id_hash_total', 'counter', mostKeySeries)
  readonly #lastUse = new Series(
    'apiserver_envelope_encryption_key_id_hash_last_timestamp_seconds',
    'gauge',
    mostKeySeries,
  )
  readonly #lastSeen = new Series(
    'apiserver_envelope_encryption_key_id_hash_status_last_timestamp_seconds',
    'gauge',
    mostKeySeries,
  )
  readonly #invalidIds = new Series('apiserver_envelope_encryption_invalid_key_id_from_status_total', 'counter')
  readonly #cacheSizes = new Series('apiserver_envelope_encryption_dek_source_cache_size', 'gauge')
  readonly #reloads = new Series('apiserver_encryption_config_controller_automatic_reloads_total', 'counter')
  readonly #lastReload = new Series(
    'apiserver_encryption_config_controller_automatic_reload_last_timestamp_seconds',
    'gauge',
  )
  readonly #keys = new Map<string, LabelSet>()
  #configuration = ''

  /** @param serverId by which API servers tell themselves apart. */
  constructor(clock: Clock, serverId: string) {
    this.#clock = clock
    this.#server = hashText(serverId)
    this.#keyFailures.set({}, 0)
    this.#misses.set({}, 0)
  }

  /** The time that durations are taken from, in milliseconds. */
  now(): number {
    return this.#clock.monotonic()
  }

  /** A value was sealed or opened, or could not be. */
  transformed(resource: string, direction: Direction, prefix: string, start: number, error?: unknown): void {
    const labels = { transformation_type: direction, transformer_prefix: prefix }
    const status = error === undefined ? 'OK' : statusOfFailure(error)
    this.#operations.add({ ...labels, resource, status })
    if (error === undefined) this.#durations.observe(labels, this.#secondsSince(start))
  }

  /** A plugin answered a call, or did not. */
  called(provider: string, method: string, start: number, error?: unknown): void {
    const status = error === undefined ? 'OK' : statusOfFailure(error)
    const labels = { provider_name: provider, method_name: method, grpc_status_code: status }
    this.#calls.observe(labels, this.#secondsSince(start))
  }

  /** A key for values was made. */
  keyMade(start: number): void {
    this.#keyGeneration.observe({}, this.#secondsSince(start))
  }

  /** A plugin has to be asked for a key. */
  missed(): void {
    this.#misses.add({})
  }

  keyUsed(direction: Direction, provider: string, keyId: string): void {
    const labels = { ...this.#keyLabels(provider, keyId), transformation_type: direction }
    this.#uses.add(labels)
    this.#lastUse.set(labels, this.#seconds())
  }

  /** A plugin says that this is the key it encrypts with. */
  keySeen(provider: string, keyId: string): void {
    this.#lastSeen.set(this.#keyLabels(provider, keyId), this.#seconds())
  }

  invalidKeyId(provider: string, code: string): void {
    this.#invalidIds.add({ provider_name: provider, error: code })
  }

  cached(provider: string, keys: number): void {
    this.#cacheSizes.set({ provider_name: provider }, keys)
  }

  /** The configuration that is in force. */
  configured(hash: string): void {
    this.#configuration = hash
  }

  reloaded(status: 'success' | 'failure'): void {
    const labels = { status, apiserver_id_hash: this.#server }
    this.#reloads.add(labels)
    this.#lastReload.set(labels, this.#seconds())
  }

  families(): readonly MetricFamily[] {
    const info = 'apiserver_encryption_config_controller_last_config_info'
    const labels = { apiserver_id_hash: this.#server, hash: this.#configuration }
    const help = 'Hash of the configuration of encryption that is in force, as label.'
    return [
      gathered('gauge', info, help, () => [{ labels, value: 1 }]),
      this.#operations.family('Values that were sealed or opened, by what became of it.'),
      this.#durations.family('How long it took to seal or open values, in seconds.'),
      this.#keyGeneration.family('How long it took to make keys for values, in seconds.'),
      this.#keyFailures.family('Keys for values that could not be made.'),
      this.#misses.family('Keys for values that were asked of a KMS plugin.'),
      this.#calls.family('How long KMS plugins took to answer, in seconds.'),
      this.#uses.family('Values that were sealed or opened, by the key of the KMS.'),
      this.#lastUse.family('When keys of the KMS were last used.'),
      this.#lastSeen.family('When KMS plugins last said which key they encrypt with.'),
      this.#invalidIds.family('Ids of keys from KMS plugins that are not valid.'),
      this.#cacheSizes.family('Keys for values that are known.'),
      this.#reloads.family('Changes of the configuration of encryption, by what became of them.'),
      this.#lastReload.family('When the configuration of encryption last changed.'),
    ]
  }

  #keyLabels(provider: string, keyId: string): LabelSet {
    // The same few keys are used again and again.
    const name = `${provider} ${keyId}`
    let labels = this.#keys.get(name)
    if (!labels) {
      labels = { provider_name: provider, key_id_hash: hashText(keyId), apiserver_id_hash: this.#server }
      if (this.#keys.size >= mostKeySeries) this.#keys.clear()
      this.#keys.set(name, labels)
    }
    return labels
  }

  #seconds(): number {
    return this.#clock.now() / 1000
  }

  #secondsSince(start: number): number {
    return (this.#clock.monotonic() - start) / 1000
  }
}

/** Numbers by labels. */
class Series {
  readonly #name: string
  readonly #type: MetricType
  readonly #most: number
  readonly #values = new Map<string, { readonly labels: LabelSet; readonly value: number }>()

  constructor(name: string, type: MetricType, most = Infinity) {
    this.#name = name
    this.#type = type
    this.#most = most
  }

  add(labels: LabelSet): void {
    this.set(labels, (this.#values.get(labelText(labels))?.value ?? 0) + 1)
  }

  set(labels: LabelSet, value: number): void {
    const key = labelText(labels)
    this.#values.delete(key)
    this.#values.set(key, { labels, value })
    if (this.#values.size <= this.#most) return
    for (const oldest of this.#values.keys()) {
      this.#values.delete(oldest)
      break
    }
  }

  family(help: string): MetricFamily {
    return gathered(this.#type, this.#name, help, () => this.#values.values())
  }
}

/** Histograms by labels. */
class Histograms {
  readonly #name: string
  readonly #bounds: readonly number[]
  readonly #byLabels = new Map<string, { readonly labels: LabelSet; readonly value: Histogram }>()

  constructor(name: string, bounds: readonly number[]) {
    this.#name = name
    this.#bounds = bounds
  }

  observe(labels: LabelSet, value: number): void {
    const key = labelText(labels)
    let row = this.#byLabels.get(key)
    if (!row) {
      row = { labels, value: new Histogram(this.#bounds) }
      this.#byLabels.set(key, row)
    }
    row.value.observe(value)
  }

  family(help: string): MetricFamily {
    return gathered('histogram', this.#name, help, () => this.#byLabels.values())
  }
}
