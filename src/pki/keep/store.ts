import { join } from 'node:path'
import type { Clock } from '#base'
import { CertificateAuthority } from '../authority.ts'
import { keyFromPem } from '../keys.ts'
import type { KeyPair } from '../keys.ts'
import { isUsable, renewalTime } from './certificate.ts'
import type { CertificateSpec } from './certificate.ts'
import { publicMode, readIfExists, secretMode, writeFileAtomically } from './files.ts'

const day = 24 * 60 * 60 * 1000

/** Life of an authority in milliseconds, unless said otherwise: 10 years. */
export const authorityLifetimeMs: number = 3650 * day

export interface CertificateStoreOptions {
  readonly clock: Clock
  /** Where certificates are kept; in memory only when absent. */
  readonly folder?: string
  /** Life of an authority in milliseconds; {@link authorityLifetimeMs} when absent. */
  readonly authorityLifetimeMs?: number
  /** Life of a certificate in milliseconds; a year when absent. */
  readonly lifetimeMs?: number
}

/** A certificate under care: `current` changes when it is renewed. */
export interface KeptCertificate {
  readonly spec: CertificateSpec
  readonly current: KeyPair
  /** Calls back after every renewal. */
  onRenewed(callback: (pair: KeyPair) => void): void
}

/** Nobody would trust what an authority signs: the clock is wrong, or its time is over. */
class AuthorityTimeError extends Error {
  override readonly name = 'AuthorityTimeError'
}

/** @throws AuthorityTimeError */
function checkHolds({ notBefore, notAfter }: CertificateAuthority, what: string, now: number): void {
  if (now >= notBefore && now <= notAfter) return
  const [from, until, told] = [notBefore, notAfter, now].map((time) => new Date(time).toISOString())
  throw new AuthorityTimeError(`${what} holds from ${from} until ${until}, and the clock says ${told}`)
}

class Kept implements KeptCertificate {
  readonly spec: CertificateSpec
  readonly authority: CertificateAuthority
  current: KeyPair
  readonly callbacks: ((pair: KeyPair) => void)[] = []

  constructor(spec: CertificateSpec, authority: CertificateAuthority, current: KeyPair) {
    this.spec = spec
    this.authority = authority
    this.current = current
  }

  onRenewed(callback: (pair: KeyPair) => void): void {
    this.callbacks.push(callback)
  }
}

/** Certificates and their authorities: made when they are missing, found again later. */
export class CertificateStore {
  readonly #clock: Clock
  readonly #folder: string | undefined
  readonly #authorityLifetimeMs: number
  readonly #lifetimeMs: number
  readonly #kept: Kept[] = []

  constructor({ clock, folder, lifetimeMs = 365 * day, ...options }: CertificateStoreOptions) {
    this.#clock = clock
    this.#folder = folder
    this.#authorityLifetimeMs = options.authorityLifetimeMs ?? authorityLifetimeMs
    this.#lifetimeMs = lifetimeMs
  }

  /**
   * The authority of that name. Where its key is there alone, its certificate is made anew: who trusts the old one trusts
   * this too.
   *
   * @throws Error when there is one that can't be read, or has lost its key: making a new one would cut off everybody who
   *   trusts the old. AuthorityTimeError when its time is not now.
   */
  async authority(name: string, commonName: string): Promise<CertificateAuthority> {
    const what = `authority ${this.#path(name)}`
    const { certificate, key } = await this.#readParts(name)
    if (certificate !== undefined) {
      if (key === undefined) throw new Error(`read ${what}: its key is missing`)
      const authority = new CertificateAuthority({ certificate, key }, what)
      checkHolds(authority, what, this.#clock.now())
      return authority
    }
    const keep = key === undefined ? undefined : keyFromPem(key, `key of ${what}`)
    const pair = CertificateAuthority.create(commonName, this.#clock.now(), this.#authorityLifetimeMs, keep)
    await this.#write(name, pair, true)
    return new CertificateAuthority(pair)
  }

  /** The certificate that a spec describes, stored or new. From now on it is renewed in time. */
  async ensure(spec: CertificateSpec, authority: CertificateAuthority): Promise<KeptCertificate> {
    const stored = await this.#read(spec.name)
    const usable = stored && isUsable(stored, spec, authority.certificate, this.#clock.now())
    const kept = new Kept(spec, authority, usable ? stored : this.#issue(spec, authority))
    if (!usable) await this.#write(spec.name, kept.current, false)
    this.#kept.push(kept)
    return kept
  }

  /** When the next certificate wants to be renewed, in milliseconds since 1970; `undefined` when there is none. */
  get nextRenewal(): number | undefined {
    const times = this.#kept.map(({ current }) => renewalTime(current.certificate))
    return times.length === 0 ? undefined : Math.min(...times)
  }

  /**
   * Renews what is due.
   *
   * @returns the renewed ones, and what went wrong when they were stored: they are in use all the same.
   */
  async renewDue(): Promise<{ readonly renewed: readonly KeptCertificate[]; readonly problems: readonly unknown[] }> {
    const now = this.#clock.now()
    const due = this.#kept.filter(({ current }) => renewalTime(current.certificate) <= now)
    const problems: unknown[] = []
    for (const kept of due) {
      kept.current = this.#issue(kept.spec, kept.authority)
      for (const callback of kept.callbacks) callback(kept.current)
      try {
        await this.#write(kept.spec.name, kept.current, false)
      } catch (error) {
        problems.push(error)
      }
    }
    return { renewed: due, problems }
  }

  /** Path of a certificate without its ending; the name alone when nothing is stored. */
  #path(name: string): string {
    return this.#folder === undefined ? name : join(this.#folder, name)
  }

  #issue(
    { subject, usages, dnsNames = [], ipAddresses = [] }: CertificateSpec,
    authority: CertificateAuthority,
  ): KeyPair {
    const now = this.#clock.now()
    return authority.issue({ subject, usages, names: { dnsNames, ipAddresses }, now, lifetimeMs: this.#lifetimeMs })
  }

  async #read(name: string): Promise<KeyPair | undefined> {
    const { certificate, key } = await this.#readParts(name)
    return certificate === undefined || key === undefined ? undefined : { certificate, key }
  }

  async #readParts(name: string): Promise<{ readonly [part in keyof KeyPair]: string | undefined }> {
    if (this.#folder === undefined) return { certificate: undefined, key: undefined }
    const path = this.#path(name)
    const [certificate, key] = await Promise.all([readIfExists(`${path}.crt`), readIfExists(`${path}.key`)])
    return { certificate, key }
  }

  /** The key first: who dies in between leaves one that can be gone on with. */
  async #write(name: string, { certificate, key }: KeyPair, durable: boolean): Promise<void> {
    if (this.#folder === undefined) return
    const path = this.#path(name)
    await writeFileAtomically(`${path}.key`, key, { mode: secretMode, durable })
    await writeFileAtomically(`${path}.crt`, certificate, { mode: publicMode, durable })
  }
}
