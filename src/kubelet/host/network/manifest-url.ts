import { readFile } from 'node:fs/promises'
import { rootCertificates } from 'node:tls'
import type { ManifestAnswer, ManifestHeaders } from '#kubelet'
import { headerLines, httpExchange } from './http-exchange.ts'

const timeoutMs = 10_000
const mostBody = 10 * 1024 * 1024
const mostRedirects = 10
/** Headers that are for one host alone. */
const secrets: ReadonlySet<string> = new Set(['authorization', 'cookie', 'cookie2', 'www-authenticate'])

/**
 * Asks a URL for manifests (`staticPodURL`): certificates are checked by the machine's authorities, and redirects are
 * followed, without what was meant for the first host alone.
 *
 * @throws Error for connections that fail, as Go says it, and for more than 10 MB.
 */
export async function getManifest(url: string, headers: ManifestHeaders): Promise<ManifestAnswer> {
  const given = Object.entries(headers).flatMap(([name, values]) => values.map((value) => [name, value] as const))
  const authorities = url.startsWith('https:') ? await systemAuthorities() : rootCertificates
  const deadline = performance.now() + timeoutMs
  const asked = new URL(url)
  let target = asked
  for (let redirects = 0; ; redirects++) {
    const sent = target.hostname === asked.hostname ? given : given.filter(([name]) => !secrets.has(name.toLowerCase()))
    const exchange = { headers: headerLines(sent), deadline, mostBody, authorities }
    const { status, phrase, body, location } = await httpExchange(target, exchange)
    if (![301, 302, 303, 307, 308].includes(status) || location === undefined) {
      if (body.length >= mostBody) throw new Error('the read limit is reached')
      return { status: `${status} ${phrase}`, text: body.toString('utf8') }
    }
    target = new URL(location, target)
    if (redirects === mostRedirects) throw new Error(`Get ${JSON.stringify(target.href)}: stopped after 10 redirects`)
  }
}

/** Where systems keep the authorities that all their programs trust. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

async function systemAuthorities(): Promise<readonly string[]> {
  const { SSL_CERT_FILE: file } = process.env
  for (const path of file === undefined ? bundles : [file]) {
    const bundle = await readFile(path, 'utf8').catch(() => undefined)
    if (bundle !== undefined) return [bundle]
  }
  return rootCertificates
}
