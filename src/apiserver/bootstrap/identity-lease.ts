import { leases } from '#api/coordination/v1'
import type { Lease } from '#api/coordination/v1'
import type { Client } from '#client'
import { encodeText, hostPort, isAlreadyExists, isConflict, microTimeOfMillis, sha256Of } from '#machinery'
import { newUid } from '../registry/metadata.ts'
import type { Services } from '../services.ts'
import type { AdvertisedAddress } from './kubernetes-service.ts'

const namespace = 'kube-system'
const durationSeconds = 3600

/** By which an API server tells others that it is there (KEP-1965); `hostname` is that of its machine. */
export class IdentityLease {
  readonly #services: Services
  readonly #client: Client
  readonly #hostname: string
  readonly #name: string
  readonly #holder: string

  constructor(services: Services, client: Client, hostname: string) {
    this.#services = services
    this.#client = client
    this.#hostname = hostname
    this.#name = serverIdentity(hostname)
    this.#holder = `${this.#name}_${newUid(services.clock)}`
  }

  /** Says that the server is there now. */
  async renew(address: AdvertisedAddress | undefined): Promise<void> {
    const now = microTimeOfMillis(this.#services.clock.now())
    const spec = { holderIdentity: this.#holder, leaseDurationSeconds: durationSeconds, renewTime: now }
    const known = this.#services.peek<Lease>('coordination.k8s.io', 'leases', namespace, this.#name)
    try {
      if (known) await this.#client.update(leases, { ...known, spec: { ...known.spec, ...spec } })
      else await this.#client.create(leases, { metadata: this.#metadata(address), spec })
    } catch (error) {
      // Another server of this machine was faster; the next time does it.
      if (!isConflict(error) && !isAlreadyExists(error)) throw error
    }
  }

  #metadata(address: AdvertisedAddress | undefined): Lease['metadata'] {
    return {
      name: this.#name,
      namespace,
      labels: { 'apiserver.kubernetes.io/identity': 'kube-apiserver', 'kubernetes.io/hostname': this.#hostname },
      ...(address
        ? { annotations: { 'kubernetes.io/peer-advertise-address': hostPort(address.ip, address.port) } }
        : {}),
    }
  }
}

/** What is hashed for the name: host and component, each behind its length in two bytes. */
function identityOf(hostname: string): Uint8Array {
  return Uint8Array.from(
    [hostname, 'kube-apiserver'].flatMap((text) => {
      const bytes = encodeText(text)
      return [bytes.length >> 8, bytes.length & 0xff, ...bytes]
    }),
  )
}

const letters = 'abcdefghijklmnopqrstuvwxyz234567'

/** Base 32 (RFC 4648) in lower case, without padding. */
function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += letters[(value >> bits) & 31]
    }
  }
  return bits === 0 ? text : text + letters[(value << (5 - bits)) & 31]
}

/** By which this server is told from others: `apiserver-…`. */
export function serverIdentity(hostname: string): string {
  return `apiserver-${base32(sha256Of(identityOf(hostname)).subarray(0, 16))}`
}
