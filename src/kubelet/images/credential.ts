import type { AuthConfig } from '../runtime/images.ts'

/** An object of the API, told apart from one of its name that was there before. */
export interface ObjectIdentity {
  readonly uid: string
  readonly namespace: string
  readonly name: string
}

/** Whose credentials they are: those of the node are for all its pods. */
export type CredentialSource =
  | { readonly kind: 'node' }
  | { readonly kind: 'secret'; readonly secret: ObjectIdentity }
  | { readonly kind: 'serviceAccount'; readonly serviceAccount: ObjectIdentity }

/** What opens one registry location, and where it comes from. */
export interface Credential {
  readonly auth: AuthConfig
  readonly source: CredentialSource
}
