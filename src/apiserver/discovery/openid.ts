import type { ApiResponse } from '#client'
import { failure } from '#machinery'
import type { TokenIssuer } from '../authn/services.ts'
import type { NonResourceHandler } from '../chain/routes.ts'
import { methodNotAllowed } from '../handler/dispatch.ts'

const keySetType = 'application/jwk-set+json'
const encoder = new TextEncoder()

/** Keys change seldom, and are published before they sign. */
const headers = { 'cache-control': 'public, max-age=3600' }

/**
 * What others need to verify tokens of service accounts: `/.well-known/openid-configuration` and `/openid/v1/jwks`
 * (OpenID Connect Discovery 1.0, as far as verifiers of tokens use it).
 */
export function createOpenId(serverAddress: () => string): NonResourceHandler {
  return async ({ info: { path }, request: { method, headers: sent }, services }) => {
    const { issuer } = services.authentication
    if (!issuer) return undefined
    switch (path) {
      case '/.well-known/openid-configuration':
      case '/.well-known/openid-configuration/':
        checkRoute('application/json', method, sent['accept'])
        return configuration(issuer, serverAddress())
      case '/openid/v1/jwks':
      case '/openid/v1/jwks/':
        checkRoute(keySetType, method, sent['accept'])
        await issuer.verifier.ready()
        return answer(keySetType, issuer.verifier.keySet())
      default:
        return undefined
    }
  }
}

/** @throws StatusError MethodNotAllowed, NotAcceptable */
function checkRoute(contentType: string, method: string, accept: string | undefined): void {
  if (method !== 'GET') throw methodNotAllowed()
  const named = (accept || '*/*').split(',').map((clause) => clause.split(';', 1)[0]?.trim())
  if (named.includes('*/*') || named.includes(contentType)) return
  throw failure(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${contentType}`, {})
}

async function configuration({ url, verifier, jwksUrl }: TokenIssuer, address: string): Promise<ApiResponse> {
  await verifier.ready()
  const algorithms = new Set(verifier.keySet().keys.map(({ alg }) => alg))
  return answer('application/json', {
    issuer: url,
    jwks_uri: jwksUrl ?? `https://${address}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [...algorithms].sort(),
  })
}

function answer(contentType: string, document: object): ApiResponse {
  return { kind: 'bytes', code: 200, contentType, headers, bytes: encoder.encode(JSON.stringify(document)) }
}
