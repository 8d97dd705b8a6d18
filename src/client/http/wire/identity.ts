import { readFile } from 'node:fs/promises'
import type { Clock } from '#base'
import type { Credentials, KeyPair } from '../auth/credentials.ts'
import type { HttpConfig, PemSource } from '../config.ts'

/** What a TLS handshake needs. */
export interface TlsIdentity {
  readonly ca: string | undefined
  readonly keyPair: KeyPair | undefined
}

/** How often certificates of open connections are compared with their files. */
const recheckMs = 300_000

/** Certificates of a configuration; those in files are read for each connection, since others renew them. */
export class TlsIdentities {
  readonly #config: HttpConfig
  readonly #credentials: Credentials
  readonly #clock: Clock
  #shown: KeyPair | undefined
  #checkedAt: number

  constructor(config: HttpConfig, credentials: Credentials, clock: Clock) {
    this.#config = config
    this.#credentials = credentials
    this.#clock = clock
    this.#checkedAt = clock.monotonic()
  }

  /** For a new connection. */
  async current(): Promise<TlsIdentity> {
    this.#shown = await this.#keyPair()
    return { ca: await pem(this.#config.ca), keyPair: this.#shown }
  }

  /**
   * Whether we would show another certificate by now than on the last connection. Looks into files every five minutes
   * only; credentials that a program gave are at hand.
   */
  async changed(): Promise<boolean> {
    const { clientCertificate } = this.#config
    if (clientCertificate) {
      const now = this.#clock.monotonic()
      if (!('file' in clientCertificate) || now - this.#checkedAt < recheckMs) return false
      this.#checkedAt = now
    } else if (!this.#credentials.keyPair) return false
    const before = this.#shown
    this.#shown = await this.#keyPair()
    return this.#shown?.certificate !== before?.certificate || this.#shown?.key !== before?.key
  }

  async #keyPair(): Promise<KeyPair | undefined> {
    const { clientCertificate, clientKey } = this.#config
    if (!clientCertificate) return this.#credentials.keyPair?.()
    const [certificate, key] = [await pem(clientCertificate), await pem(clientKey)]
    return certificate && key ? { certificate, key } : undefined
  }
}

async function pem(source: PemSource | undefined): Promise<string | undefined> {
  if (!source) return undefined
  return 'pem' in source ? source.pem : await readFile(source.file, 'utf8')
}
