/** `AuthorizationConfiguration` of `apiserver.config.k8s.io/v1`, with its defaults. */
export interface AuthorizationConfiguration {
  readonly authorizers?: readonly AuthorizerConfiguration[]
}

export interface AuthorizerConfiguration {
  readonly type?: string
  readonly name?: string
  readonly webhook?: WebhookConfiguration
}

/** Durations are in milliseconds. */
export interface WebhookConfiguration {
  readonly authorizedTTL?: number
  readonly cacheAuthorizedRequests?: boolean
  readonly unauthorizedTTL?: number
  readonly cacheUnauthorizedRequests?: boolean
  readonly timeout?: number
  readonly subjectAccessReviewVersion?: string
  readonly matchConditionSubjectAccessReviewVersion?: string
  readonly failurePolicy?: string
  readonly connectionInfo?: { readonly type?: string; readonly kubeConfigFile?: string }
  readonly matchConditions?: readonly { readonly expression?: string }[]
}
