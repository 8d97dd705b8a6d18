export type {
  JsonWebKey,
  JsonWebKeySet,
  TokenClaims,
  TokenSigner,
  TokenVerification,
  TokenVerifier,
} from './authn/token.ts'
