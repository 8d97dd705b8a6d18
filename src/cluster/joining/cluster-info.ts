import { createHash, createHmac, timingSafeEqual, X509Certificate } from 'node:crypto'
import type { ConfigMap } from '#api/core/v1'
import { parse } from 'yaml'
import { certificatesIn } from '../control-plane/identity.ts'
import type { BootstrapToken } from './token.ts'

/** What the public ConfigMap `cluster-info` says, which is signed by tokens: a kubeconfig without a user. */
export function clusterInfoText(server: string, authority: string): string {
  const cluster = { 'certificate-authority-data': Buffer.from(authority).toString('base64'), server }
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: '', cluster }],
    contexts: [],
    users: [],
    'current-context': '',
    preferences: {},
  })
}

export interface ClusterInfo {
  readonly server: string
  /** Authorities in PEM. */
  readonly authority: string
}

/** @throws Error when the text is none. */
export function parseClusterInfo(text: string): ClusterInfo {
  const config = parse(text) as {
    readonly clusters?: readonly {
      readonly cluster?: { readonly server?: string; readonly 'certificate-authority-data'?: string }
    }[]
  }
  const { server, 'certificate-authority-data': data } = config.clusters?.[0]?.cluster ?? {}
  if (server === undefined || data === undefined) throw new Error('cluster-info names no server and no authority')
  return { server, authority: Buffer.from(data, 'base64').toString() }
}

/** What a token has to say of the ConfigMap: nothing yet, that it is genuine, or that it is not. */
export type Verdict = 'unsigned' | 'genuine' | 'forged'

/** Checks the signature (RFC 7515, content detached) that belongs to a token. */
export function verifyClusterInfo({ data = {} }: Pick<ConfigMap, 'data'>, token: BootstrapToken): Verdict {
  const [content, signature] = [data['kubeconfig'], data[`jws-kubeconfig-${token.id}`]]
  if (content === undefined || signature === undefined) return 'unsigned'
  const [header = '', detached, given = ''] = signature.split('.')
  if (detached !== '' || !isHmac(header)) return 'forged'
  const signed = `${header}.${Buffer.from(content).toString('base64url')}`
  const wanted = createHmac('sha256', token.secret).update(signed).digest()
  const bytes = Buffer.from(given, 'base64url')
  return bytes.length === wanted.length && timingSafeEqual(bytes, wanted) ? 'genuine' : 'forged'
}

function isHmac(header: string): boolean {
  try {
    const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { readonly alg?: string }
    return alg === 'HS256'
  } catch {
    return false
  }
}

/** Hashes of the public keys of certificates in a PEM text, as kubeadm writes them: `sha256:<hex>`. */
export function authorityHashes(pem: string): string[] {
  return certificatesIn(pem).map((certificate) => {
    const bytes = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' })
    return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  })
}
