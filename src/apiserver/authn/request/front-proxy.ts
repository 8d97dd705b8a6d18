import type { Clock } from '#base'
import type { ApiRequest } from '#client'
import type { Authenticator } from '../authenticator.ts'
import { checkCertificate } from './certificate.ts'
import { decodeHeaderKey, headerValues } from './headers.ts'

/** A proxy that says for whom it asks, and shows by its certificate that it may. Header names are in lower case. */
export interface FrontProxyOptions {
  readonly clock: Clock
  /** Authorities of proxies, by hex SHA-256 of their certificates. */
  readonly authorities: () => readonly string[]
  /** Common names that a proxy's certificate may have; any when empty. */
  readonly allowedNames: readonly string[]
  /** The first that has a value counts. */
  readonly usernameHeaders: readonly string[]
  readonly uidHeaders: readonly string[]
  /** All values of all of them count. */
  readonly groupHeaders: readonly string[]
  readonly extraHeaderPrefixes: readonly string[]
}

/** Headers that proxies use by default. */
export const standardProxyHeaders = {
  usernameHeaders: ['x-remote-user'],
  uidHeaders: ['x-remote-uid'],
  groupHeaders: ['x-remote-group'],
  extraHeaderPrefixes: ['x-remote-extra-'],
} as const

export function frontProxyAuthenticator(options: FrontProxyOptions): Authenticator {
  const { clock, authorities, allowedNames, usernameHeaders, uidHeaders, groupHeaders } = options
  return {
    authenticate(request) {
      const { clientCertificate: certificate, certificateError } = request.connection ?? {}
      if (!certificate) return certificateError === undefined ? undefined : { error: certificateError }
      const error = checkCertificate(certificate, authorities(), clock.now())
      if (error !== undefined) return { error }
      if (allowedNames.length > 0 && !allowedNames.includes(certificate.commonName)) {
        return { error: `x509: subject with cn=${certificate.commonName} is not in the allowed list` }
      }
      const name = firstValue(request, usernameHeaders)
      if (name === '') return undefined
      const uid = firstValue(request, uidHeaders)
      const groups = groupHeaders.flatMap((header) => headerValues(request, header)).filter((group) => group !== '')
      return { user: { name, ...(uid === '' ? {} : { uid }), groups, extra: extraOf(request, options) } }
    },
  }
}

function firstValue(request: ApiRequest, headers: readonly string[]): string {
  for (const header of headers) {
    const [value = ''] = headerValues(request, header)
    if (value !== '') return value
  }
  return ''
}

function extraOf(
  request: ApiRequest,
  { extraHeaderPrefixes }: FrontProxyOptions,
): { readonly [key: string]: readonly string[] } {
  const extra: { [key: string]: readonly string[] } = {}
  for (const prefix of extraHeaderPrefixes) {
    for (const header of Object.keys(request.headers)) {
      if (!header.startsWith(prefix)) continue
      const key = decodeHeaderKey(header.slice(prefix.length))
      extra[key] = [...(extra[key] ?? []), ...headerValues(request, header)]
    }
  }
  return extra
}

/** Whether a header says who asks, and is nobody else's business. */
export function isProxyHeader(header: string, options: FrontProxyOptions | undefined): boolean {
  return [standardProxyHeaders, ...(options ? [options] : [])].some(
    ({ usernameHeaders, uidHeaders, groupHeaders, extraHeaderPrefixes }) =>
      [...usernameHeaders, ...uidHeaders, ...groupHeaders].some((name) => name === header) ||
      extraHeaderPrefixes.some((prefix) => header.startsWith(prefix)),
  )
}
