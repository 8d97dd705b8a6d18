/** `AuthenticationConfiguration` of `apiserver.config.k8s.io/v1`. */
export interface AuthenticationConfiguration {
  readonly jwt?: readonly JWTAuthenticator[]
  readonly anonymous?: AnonymousAuthConfig
}

export interface AnonymousAuthConfig {
  readonly enabled?: boolean
  /** Paths on which requests without credentials are let in; everywhere when there are none. */
  readonly conditions?: readonly { readonly path?: string }[]
}

/** Users by the tokens of one issuer. */
export interface JWTAuthenticator {
  readonly issuer?: Issuer
  readonly claimValidationRules?: readonly ClaimValidationRule[]
  readonly claimMappings?: ClaimMappings
  readonly userValidationRules?: readonly UserValidationRule[]
}

export interface Issuer {
  readonly url?: string
  /** Where the discovery document is, if not below `url`. */
  readonly discoveryURL?: string
  /** PEM; the system's authorities when absent. */
  readonly certificateAuthority?: string
  readonly audiences?: readonly string[]
  readonly audienceMatchPolicy?: string
  readonly egressSelectorType?: string
}

export interface ClaimValidationRule {
  readonly claim?: string
  readonly requiredValue?: string
  readonly expression?: string
  readonly message?: string
}

export interface ClaimMappings {
  readonly username?: PrefixedClaimOrExpression
  readonly groups?: PrefixedClaimOrExpression
  readonly uid?: ClaimOrExpression
  readonly extra?: readonly ExtraMapping[]
}

export interface ClaimOrExpression {
  readonly claim?: string
  readonly expression?: string
}

export interface PrefixedClaimOrExpression extends ClaimOrExpression {
  readonly prefix?: string
}

export interface ExtraMapping {
  readonly key?: string
  readonly valueExpression?: string
}

export interface UserValidationRule {
  readonly expression?: string
  readonly message?: string
}
