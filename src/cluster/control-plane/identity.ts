import { X509Certificate } from 'node:crypto'
import type { ApiServerOptions } from '#apiserver'
import { ServiceAccountKeys } from '#pki'
import type { ClusterPki } from '#pki'

type Identity = Required<Pick<ApiServerOptions, 'clientAuthorities' | 'frontProxy' | 'trust' | 'serviceAccounts'>>

/** Whom an API server believes, where the cluster's own authorities say who is who. */
export function identityOf(pki: Pick<ClusterPki, 'authority' | 'frontProxyAuthority' | 'serviceAccountKey'>): Identity {
  const keys = new ServiceAccountKeys({ signingKey: pki.serviceAccountKey })
  const clients = fingerprints(pki.authority.certificate)
  const proxies = fingerprints(pki.frontProxyAuthority.certificate)
  const proxy = { allowedNames: ['front-proxy-client'], ...proxyHeaders }
  return {
    clientAuthorities: () => clients,
    frontProxy: { authorities: () => proxies, ...proxy },
    trust: {
      clientAuthorities: pki.authority.certificate,
      frontProxy: { authorities: pki.frontProxyAuthority.certificate, ...proxy },
    },
    serviceAccounts: {
      issuer: { url: 'https://kubernetes.default.svc', signer: keys, verifier: keys, extends: true },
    },
  }
}

/** Headers in which a front proxy says for whom it asks. */
const proxyHeaders = {
  usernameHeaders: ['x-remote-user'],
  uidHeaders: ['x-remote-uid'],
  groupHeaders: ['x-remote-group'],
  extraHeaderPrefixes: ['x-remote-extra-'],
} as const

/** Hex SHA-256 of each certificate in a PEM text. */
export function fingerprints(pem: string): string[] {
  return certificatesIn(pem).map((certificate) =>
    new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase(),
  )
}

/** The certificates in a PEM text, each by itself. */
export const certificatesIn = (pem: string): string[] =>
  pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
