import { readFile } from 'node:fs/promises'
import type { Clock } from '#base'
import type { Credentials } from '../auth/credentials.ts'
import type { HttpConfig, PemSource } from '../config.ts'

/** What a TLS handshake needs. */
export interface TlsIdentity {
  readonly ca: string | undefined
  readonly certificate: string | undefined
  readonly key: string | undefined
}

/** How often certificates of open connections are compared with their files. */
const recheckMs = 300_000

/** Certificates of a configuration; those in files are read for each connection, since others renew them. */
export class TlsIdentities {
  readonly #config: HttpConfig
  readonly #credentials: Credentials
  readonly #clock: Clock
  #last: TlsIdentity | undefined
  #checkedAt: number

  constructor(config: HttpConfig, credentials: Credentials, clock: Clock) {
    this.#config = config
    this.#credentials = credentials
    this.#clock = clock
    this.#checkedAt = clock.monotonic()
  }

  async current(): Promise<TlsIdentity> {
    const { ca, clientCertificate, clientKey } = this.#config
    const given = clientCertificate ? undefined : await this.#credentials.keyPair?.()
    this.#last = {
      ca: await pem(ca),
      certificate: given?.certificate ?? (await pem(clientCertificate)),
      key: given?.key ?? (await pem(clientKey)),
    }
    return this.#last
  }

  /**
   * Whether the client certificate is another one than that of the last connection. Looks every five minutes, and always
   * when the credentials come from a program.
   */
  async changed(): Promise<boolean> {
    const before = this.#last
    if (!before) return false
    const { clientCertificate } = this.#config
    const fromFile = clientCertificate !== undefined && 'file' in clientCertificate
    const now = this.#clock.monotonic()
    if (this.#credentials.keyPair === undefined || clientCertificate !== undefined) {
      if (!fromFile || now - this.#checkedAt < recheckMs) return false
    }
    this.#checkedAt = now
    const after = await this.current()
    return after.certificate !== before.certificate || after.key !== before.key
  }
}

async function pem(source: PemSource | undefined): Promise<string | undefined> {
  if (!source) return undefined
  return 'pem' in source ? source.pem : await readFile(source.file, 'utf8')
}
