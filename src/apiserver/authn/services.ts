import type { Authenticator } from './authenticator.ts'
import type { TokenSigner, TokenVerifier } from './token/signing.ts'

/** What the server knows of identities: who asks, and whose tokens it issues. */
export interface AuthenticationServices {
  readonly authenticator: Authenticator
  /** Audiences of the API server: tokens for other ones are not taken, and tokens that ask for none get these. */
  readonly audiences: readonly string[]
  /** Issues tokens of service accounts; without one, none can be had. */
  readonly issuer?: TokenIssuer
}

export interface TokenIssuer {
  /** `iss` of the tokens; a URL where others are to verify them. */
  readonly url: string
  readonly signer: TokenSigner
  /** Verifies what was signed, and publishes the keys. */
  readonly verifier: TokenVerifier
  /** Longest life of a token that can be asked for, in seconds; without limit when absent. */
  readonly maxSeconds?: number
  /**
   * Tokens of pods that are asked for in the kubelet's standard way live for a year, and are noted when they are used
   * after their time: clients that do not read them anew go on working.
   */
  readonly extends: boolean
  /** Where the keys are, if not at the issuer: `https://host:port/openid/v1/jwks`. */
  readonly jwksUrl?: string
}
