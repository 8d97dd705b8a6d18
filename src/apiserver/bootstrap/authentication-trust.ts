import { configmaps } from '#api/core/v1'
import type { ConfigMap } from '#api/core/v1'
import { deepEqual } from '#base'
import type { Client } from '#client'
import { decodePem, encodePem, parseCertificate } from '#machinery'
import type { Services } from '../services.ts'
import { ensure } from './ensure.ts'

/** Whom this server believes, for servers that stand behind it and are to believe the same. */
export interface AuthenticationTrust {
  /** Authorities of clients, in PEM. */
  readonly clientAuthorities: string
  readonly frontProxy?: {
    /** In PEM. */
    readonly authorities: string
    /** Common names that a proxy's certificate may have; any when empty. */
    readonly allowedNames: readonly string[]
    readonly usernameHeaders: readonly string[]
    readonly uidHeaders: readonly string[]
    readonly groupHeaders: readonly string[]
    readonly extraHeaderPrefixes: readonly string[]
  }
}

type Data = { readonly [key: string]: string }

/** Where further API servers look. */
const place = { namespace: 'kube-system', name: 'extension-apiserver-authentication' }

/** Publishes whom this server believes, beside what other servers of the cluster have published. */
export async function ensureAuthenticationTrust(
  services: Services,
  client: Client,
  trust: AuthenticationTrust,
): Promise<void> {
  await ensure<ConfigMap>({
    client,
    resource: configmaps,
    read: () => services.peek<ConfigMap>('', 'configmaps', place.namespace, place.name),
    plan: (existing) => {
      const data = combined(existing?.data ?? {}, trust, services.clock.now())
      if (!existing) return { action: 'create', object: { metadata: place, data } }
      return deepEqual(existing.data ?? {}, data)
        ? { action: 'none' }
        : { action: 'update', object: { ...existing, data } }
    },
  })
}

/**
 * What is published already and what this server adds; certificates that have expired fall away.
 *
 * @param now milliseconds since 1970
 */
function combined(data: Data, { clientAuthorities, frontProxy }: AuthenticationTrust, now: number): Data {
  const bundle = (key: string, own: string): Data => {
    const text = combinedCertificates([data[key] ?? '', own], now)
    return text === '' ? {} : { [key]: text }
  }
  const clients = bundle('client-ca-file', clientAuthorities)
  const proxies = bundle('requestheader-client-ca-file', frontProxy?.authorities ?? '')
  if (Object.keys(proxies).length === 0) return clients
  const list = (key: string, own: readonly string[] = []): Data => ({ [key]: together(data[key], own) })
  const headers = (key: string, own: readonly string[] = []): Data => list(key, own.map(canonicalHeader))
  const uids = headers('requestheader-uid-headers', frontProxy?.uidHeaders)
  return {
    ...clients,
    ...proxies,
    ...headers('requestheader-username-headers', frontProxy?.usernameHeaders),
    ...(uids['requestheader-uid-headers'] === '[]' ? {} : uids),
    ...headers('requestheader-group-headers', frontProxy?.groupHeaders),
    ...headers('requestheader-extra-headers-prefix', frontProxy?.extraHeaderPrefixes),
    ...list('requestheader-allowed-names', frontProxy?.allowedNames),
  }
}

function together(published: string | undefined, own: readonly string[]): string {
  return JSON.stringify([...new Set([...namesIn(published), ...own])])
}

function namesIn(text = '[]'): string[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []
  } catch {
    return []
  }
}

/** `x-remote-user` as `X-Remote-User`. */
const canonicalHeader = (name: string): string => name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())

function combinedCertificates(texts: readonly string[], now: number): string {
  const valid = new Set<string>()
  for (const { type, bytes } of texts.flatMap((text) => decodePem(text))) {
    if (type === 'CERTIFICATE' && parseCertificate(bytes).notAfter >= now) valid.add(encodePem(type, bytes))
  }
  return [...valid].join('')
}
