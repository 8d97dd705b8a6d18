import { X509Certificate } from 'node:crypto'
import { sleep } from '#base'
import type { Clock, Component, Logger } from '#base'
import { Backoff } from '#client'
import type { Client } from '#client'
import { decodePem, parseCertificate } from '#machinery'
import { networkGroup, readIfExists, renewalTime, writeFileAtomically } from '#pki'
import type { KeyPair } from '#pki'
import { kubeletUser, networkUser } from '../joining/names.ts'
import { requestCertificate } from './certificate-request.ts'
import type { KeyUsage, WantedCertificate } from './certificate-request.ts'

const client: readonly KeyUsage[] = ['digital signature', 'key encipherment', 'client auth']

/** What a kubelet shows the API server. */
export const kubeletCertificate = (node: string): WantedCertificate => ({
  signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
  subject: { commonName: kubeletUser(node), organizations: ['system:nodes'] },
  usages: client,
})

/** What the network of a node shows the API server. */
export const networkCertificate = (node: string): WantedCertificate => ({
  signerName: 'kubernetes.io/kube-apiserver-client',
  subject: { commonName: networkUser(node), organizations: [networkGroup] },
  usages: client,
})

/** What a kubelet's own server shows. */
export const servingCertificate = (node: string, address: string): WantedCertificate => ({
  signerName: 'kubernetes.io/kubelet-serving',
  subject: { commonName: kubeletUser(node), organizations: ['system:nodes'] },
  usages: ['digital signature', 'key encipherment', 'server auth'],
  dnsNames: [node],
  ipAddresses: [address],
})

/** A certificate of a node in `path.crt` and `path.key`. */
export interface NodeCertificate {
  readonly path: string
  readonly wanted: WantedCertificate
  /** Hears of every new one. */
  readonly onRenewed?: (pair: KeyPair) => void
}

export interface NodeCertificatesOptions {
  /** The kubelet: it asks for all of them. */
  readonly client: Client
  readonly clock: Clock
  readonly logger: Logger
  readonly certificates: readonly NodeCertificate[]
}

/** Longest wait between two looks: wall time may jump. */
const longestWait = 3_600_000
/** Milliseconds that the cluster gets to sign. */
const signingMs = 15 * 60_000

/** Has the certificates of a node made that are missing, and renews them after two thirds of their life. */
export class NodeCertificates implements Component {
  readonly name = 'node-certificates'
  readonly #options: NodeCertificatesOptions

  constructor(options: NodeCertificatesOptions) {
    this.#options = options
  }

  async start(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#options.certificates.map((one) => this.#keep(one, signal)))
  }

  async #keep({ path, wanted, onRenewed }: NodeCertificate, signal: AbortSignal): Promise<void> {
    const { clock, logger, client: kubelet } = this.#options
    const retry = new Backoff(clock, { initialMs: 1000, maxMs: 300_000, factor: 2, jitter: 0.5, resetMs: 3_600_000 })
    while (!signal.aborted) {
      try {
        const stored = await readPair(path)
        const left = (stored && fits(stored, wanted) ? renewalTime(stored.certificate) : 0) - clock.now()
        if (left > 0) {
          await sleep(clock, Math.min(left, longestWait), signal)
          continue
        }
        const pair = await requestCertificate(kubelet, wanted, { clock, signal, timeoutMs: signingMs })
        await writePair(path, pair)
        onRenewed?.(pair)
        logger.info('Certificate renewed', { signer: wanted.signerName, subject: wanted.subject.commonName })
      } catch (error) {
        if (signal.aborted) return
        logger.error('Certificate could not be renewed', { signer: wanted.signerName, error })
        await sleep(clock, retry.next(), signal).catch(() => undefined)
      }
    }
  }
}

/** What is stored; `undefined` when there is none, or half of it. */
export async function readPair(path: string): Promise<KeyPair | undefined> {
  const [certificate, key] = await Promise.all([readIfExists(`${path}.crt`), readIfExists(`${path}.key`)])
  return certificate === undefined || key === undefined ? undefined : { certificate, key }
}

/** The key first: whoever reads in between finds two that do not belong together, and reads again. */
export async function writePair(path: string, { certificate, key }: KeyPair): Promise<void> {
  await writeFileAtomically(`${path}.key`, key, { mode: 0o600, durable: true })
  await writeFileAtomically(`${path}.crt`, certificate, { mode: 0o644, durable: true })
}

/** Whether a stored certificate is for whom it is wanted. */
export function fits(
  { certificate }: KeyPair,
  { subject, dnsNames = [], ipAddresses = [] }: WantedCertificate,
): boolean {
  try {
    const [block] = decodePem(certificate)
    if (!block) return false
    const { subject: found, names } = parseCertificate(block.bytes)
    return (
      found.commonName === subject.commonName &&
      dnsNames.every((name) => names.dnsNames.includes(name)) &&
      ipAddresses.every((address) => new X509Certificate(certificate).checkIP(address) !== undefined)
    )
  } catch {
    return false
  }
}
