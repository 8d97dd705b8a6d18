import { join } from 'node:path'
import type { Clock } from '#base'
import { authorityNames } from './authorities.ts'
import type { CertificateAuthority } from './authority.ts'
import type { CertificateSpec } from './keep/certificate.ts'
import { publicMode, readIfExists, secretMode, writeFileAtomically } from './keep/files.ts'
import { CertificateStore } from './keep/store.ts'
import type { KeptCertificate } from './keep/store.ts'
import { generateRsaKey, keyFromPem, publicKeyToPem } from './keys.ts'

const client = ['digital signature', 'key encipherment', 'client auth']
const server = ['digital signature', 'key encipherment', 'server auth']

export interface ClusterPkiOptions {
  readonly clock: Clock
  /** Where everything is kept, with the file names of kubeadm; in memory only when absent. */
  readonly folder?: string
  /** Names and addresses under which the API server is reached. */
  readonly dnsNames: readonly string[]
  /** May become known while authorities are made, which takes the longest. */
  readonly ipAddresses: readonly string[] | Promise<readonly string[]>
  /** For tests: life of a certificate in milliseconds. */
  readonly lifetimeMs?: number
}

/** Everything that proves who is who in a cluster. */
export interface ClusterPki {
  /** Signs servers and clients. */
  readonly authority: CertificateAuthority
  /** Signs those who may say for whom they ask (request headers of an aggregator). */
  readonly frontProxyAuthority: CertificateAuthority
  readonly apiServer: KeptCertificate
  /** How the API server shows itself to kubelets. */
  readonly apiServerKubeletClient: KeptCertificate
  readonly frontProxyClient: KeptCertificate
  readonly admin: KeptCertificate
  readonly controllerManager: KeptCertificate
  readonly scheduler: KeptCertificate
  /** Private key that signs tokens of service accounts, in PEM; after a first start it is still in the making. */
  readonly serviceAccountKey: Promise<string>
  /** Resolves, and never rejects, when no file is in the making any more. */
  readonly settled: Promise<void>
  /** All certificates, for the keeper. */
  readonly store: CertificateStore
}

/** Finds the certificates of a cluster, and makes those that are missing. What fails leaves no key in the making. */
export async function openClusterPki(options: ClusterPkiOptions): Promise<ClusterPki> {
  const opening = openServiceAccountKey(options.folder)
  const certificates = openCertificates(options)
  // Whoever signs hears of a failure.
  const settled = opening
    .then(({ key }) => key)
    .then(
      () => undefined,
      () => undefined,
    )
  try {
    const [{ key: serviceAccountKey }, others] = await Promise.all([opening, certificates])
    return { ...others, serviceAccountKey, settled }
  } catch (error) {
    await Promise.allSettled([settled, certificates])
    throw error
  }
}

async function openCertificates(
  options: ClusterPkiOptions,
): Promise<Omit<ClusterPki, 'serviceAccountKey' | 'settled'>> {
  const { clock, folder, dnsNames, lifetimeMs } = options
  const store = new CertificateStore({
    clock,
    ...(folder === undefined ? {} : { folder }),
    ...(lifetimeMs === undefined ? {} : { lifetimeMs }),
  })
  const [authority, frontProxyAuthority, ipAddresses] = await Promise.all([
    store.authority('ca', authorityNames.ca),
    store.authority('front-proxy-ca', authorityNames['front-proxy-ca']),
    options.ipAddresses,
  ])
  const signed = (name: string, commonName: string, organizations: readonly string[]): Promise<KeptCertificate> =>
    store.ensure({ name, subject: { commonName, organizations }, usages: client }, authority)
  const [apiServer, apiServerKubeletClient, frontProxyClient, admin, controllerManager, scheduler] = await Promise.all([
    store.ensure(
      { name: 'apiserver', subject: { commonName: 'kube-apiserver' }, usages: server, dnsNames, ipAddresses },
      authority,
    ),
    signed('apiserver-kubelet-client', 'kube-apiserver-kubelet-client', ['system:masters']),
    store.ensure(
      { name: 'front-proxy-client', subject: { commonName: 'front-proxy-client' }, usages: client },
      frontProxyAuthority,
    ),
    signed('admin', 'kubernetes-admin', ['system:masters']),
    signed('controller-manager', 'system:kube-controller-manager', []),
    signed('scheduler', 'system:kube-scheduler', []),
  ])
  return {
    authority,
    frontProxyAuthority,
    apiServer,
    apiServerKubeletClient,
    frontProxyClient,
    admin,
    controllerManager,
    scheduler,
    store,
  }
}

export interface NodeIdentity {
  readonly name: string
  readonly ipAddresses: readonly string[]
}

/** What a kubelet shows to the API server, and to those who connect to it. */
export function nodeCertificateSpecs({ name, ipAddresses }: NodeIdentity): {
  readonly client: CertificateSpec
  readonly serving: CertificateSpec
} {
  const subject = { commonName: `system:node:${name}`, organizations: ['system:nodes'] }
  return {
    client: { name: `nodes/${name}/kubelet-client`, subject, usages: client },
    serving: { name: `nodes/${name}/kubelet`, subject, usages: server, dnsNames: [name], ipAddresses },
  }
}

/** As whom Services, DNS and the pod network of a node ask: they read what a kubelet may not. */
export const networkGroup = 'k8ts:node-networks'

export const networkCertificateSpec = (node: string): CertificateSpec => ({
  name: `nodes/${node}/network-client`,
  subject: { commonName: `k8ts:node-network:${node}`, organizations: [networkGroup] },
  usages: client,
})

/**
 * The key that signs tokens of service accounts: the stored one, or one in the making. Its public half lies beside it, as
 * kubeadm has it, and tells that there was one.
 *
 * @throws Error when there is one that can't be read, or was lost: nobody would believe tokens any more that it has signed.
 */
async function openServiceAccountKey(folder: string | undefined): Promise<{ readonly key: Promise<string> }> {
  if (folder === undefined) return { key: generateRsaKey() }
  const path = join(folder, 'sa')
  const what = `key of service accounts ${path}.key`
  const [stored, published] = await Promise.all([readIfExists(`${path}.key`), readIfExists(`${path}.pub`)])
  if (stored === undefined) {
    if (published !== undefined) throw new Error(`read ${what}: it is missing`)
    return { key: makeServiceAccountKey(path) }
  }
  const publicKey = publicKeyToPem(keyFromPem(stored, what))
  if (published !== publicKey) await writePublicKey(path, publicKey)
  return { key: Promise.resolve(stored) }
}

async function makeServiceAccountKey(path: string): Promise<string> {
  const key = await generateRsaKey()
  await writeFileAtomically(`${path}.key`, key, { mode: secretMode, durable: true })
  await writePublicKey(path, publicKeyToPem(keyFromPem(key, path)))
  return key
}

const writePublicKey = (path: string, pem: string): Promise<void> =>
  writeFileAtomically(`${path}.pub`, pem, { mode: publicMode, durable: false })
