import { hostKey } from './hosts.ts'
import { inOrder } from './order.ts'
import type { Ranked } from './order.ts'
import type { Certificate, HostPattern, Listener } from './routing.ts'

/** Listeners that are being put together. */
export class ListenerSet {
  readonly #listeners = new Map<string, HostListener>()

  listener(port: number, tls: boolean): HostListener {
    const key = `${port} ${tls}`
    let listener = this.#listeners.get(key)
    if (!listener) this.#listeners.set(key, (listener = new HostListener(port, tls)))
    return listener
  }

  has(port: number, tls: boolean): boolean {
    return this.#listeners.has(`${port} ${tls}`)
  }

  listeners(): Listener[] {
    return [...this.#listeners.values()].map((listener) => listener.toListener())
  }
}

export class HostListener {
  readonly #port: number
  readonly #tls: boolean
  readonly #certificates = new Map<string, Certificate>()
  readonly #hosts = new Map<string, { readonly host: HostPattern; readonly rules: Ranked[] }>()
  readonly #everywhere: Ranked[] = []

  constructor(port: number, tls: boolean) {
    this.#port = port
    this.#tls = tls
  }

  certificate(certificate: Certificate): void {
    this.#certificates.set(`${certificate.names.join(' ')}\n${certificate.certificate}`, certificate)
  }

  /** A host that may have no rules: its requests go to no other. */
  host(host: HostPattern): void {
    this.#rulesOf(host)
  }

  add(host: HostPattern, rule: Ranked): void {
    this.#rulesOf(host).push(rule)
  }

  /** Also where a host has no rule for a request. */
  addEverywhere(rule: Ranked): void {
    this.#everywhere.push(rule)
  }

  toListener(): Listener {
    return {
      port: this.#port,
      tls: this.#tls,
      certificates: [...this.#certificates.values()],
      hosts: [...this.#hosts.values()].map(({ host, rules }) => ({
        host,
        rules: inOrder(host.type === 'any' ? rules : [...rules, ...this.#everywhere]),
      })),
    }
  }

  #rulesOf(host: HostPattern): Ranked[] {
    const key = hostKey(host)
    let known = this.#hosts.get(key)
    if (!known) this.#hosts.set(key, (known = { host, rules: [] }))
    return known.rules
  }
}
