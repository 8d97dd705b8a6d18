import { counter, gauge, times } from './families.ts'

const plugin = ['plugin_name']

/** What is counted of programs that know credentials; nothing is told where none are configured. */
export class CredentialMetrics {
  readonly #failures = counter(
    'credential_provider_plugin_errors_total',
    'Number of errors from credential provider plugin',
    plugin,
  )
  readonly #durations = times(
    'credential_provider_plugin_duration',
    'Duration of execution in seconds for credential provider plugin',
    undefined,
    plugin,
  )
  readonly #info = gauge(
    'credential_provider_config_info',
    'Information about the last applied credential provider configuration with hash as label',
    ['hash'],
  )

  /** Programs are configured, by files of this digest. */
  configured(hash: string): void {
    this.#info.set(1, hash)
  }

  failed(name: string): void {
    this.#failures.add(1, name)
  }

  ran(name: string, tookMs: number): void {
    this.#durations.observe(tookMs / 1000, name)
  }

  text(): string {
    return [this.#info, this.#durations, this.#failures].map((family) => family.text()).join('')
  }
}
