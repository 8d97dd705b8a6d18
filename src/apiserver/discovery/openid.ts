import type { ApiResponse } from '#client'
import type { TokenIssuer } from '../authn/services.ts'
import type { NonResourceHandler } from '../chain/handler.ts'

const encoder = new TextEncoder()

/** Keys change seldom, and are published before they sign. */
const headers = { 'cache-control': 'public, max-age=3600' }

/**
 * What others need to verify tokens of service accounts: `/.well-known/openid-configuration` and `/openid/v1/jwks`
 * (OpenID Connect Discovery 1.0, as far as verifiers of tokens use it).
 */
export function createOpenId(serverAddress: () => string): NonResourceHandler {
  return async ({ info: { path }, services }) => {
    const { issuer } = services.authentication
    if (!issuer) return undefined
    switch (path) {
      case '/.well-known/openid-configuration':
        return configuration(issuer, serverAddress())
      case '/openid/v1/jwks':
        await issuer.verifier.ready()
        return answer('application/jwk-set+json', issuer.verifier.keySet())
      default:
        return undefined
    }
  }
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
