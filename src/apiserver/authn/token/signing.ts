/** The content of a JSON Web Token. */
export interface TokenClaims {
  readonly [claim: string]: unknown
}

/** Signs service account tokens. */
export interface TokenSigner {
  /** The claims as a compact JWT. */
  sign(claims: TokenClaims): Promise<string>
}

export type TokenVerification =
  /** A trusted key has signed these claims. Nothing else about them was looked at: neither issuer, nor audience, nor time. */
  | { readonly claims: TokenClaims }
  /** None did. The text is for those who ask what is wrong with a token. */
  | { readonly error: string }

/** Checks signatures of tokens. Results are kept, so that a token that comes with every request costs once. */
export interface TokenVerifier {
  /** `undefined` when the text is no JWT at all. */
  verify(token: string): TokenVerification | undefined
  /** Resolves when all keys are there: after a first start one may still be in the making. */
  ready(): Promise<void>
  /** The public keys as a JSON Web Key Set. */
  keySet(): JsonWebKeySet
}

/** RFC 7517, as far as tokens of service accounts use it. */
export interface JsonWebKeySet {
  readonly keys: readonly JsonWebKey[]
}

export interface JsonWebKey {
  readonly use: 'sig'
  readonly kty: string
  readonly kid: string
  readonly alg: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly n?: string
  readonly e?: string
}
