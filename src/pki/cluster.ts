import { join } from 'node:path'
import type { Clock } from '#base'
import { authorityNames } from './authorities.ts'
import type { CertificateAuthority } from './authority.ts'
import type { CertificateSpec } from './keep/certificate.ts'
import { readIfExists, secretMode, writeFileAtomically } from './keep/files.ts'
import { CertificateStore } from './keep/store.ts'
import type { KeptCertificate } from './keep/store.ts'
import { generateRsaKey } from './keys.ts'

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
  const serviceAccountKey = openServiceAccountKey(options.folder)
  // Whoever signs hears of a failure.
  const settled = serviceAccountKey.then(
    () => undefined,
    () => undefined,
  )
  try {
    return { ...(await openCertificates(options)), serviceAccountKey, settled }
  } catch (error) {
    await settled
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

async function openServiceAccountKey(folder: string | undefined): Promise<string> {
  if (folder === undefined) return generateRsaKey()
  const path = join(folder, 'sa.key')
  const stored = await readIfExists(path)
  if (stored !== undefined) return stored
  const key = await generateRsaKey()
  await writeFileAtomically(path, key, { mode: secretMode, durable: true })
  return key
}
