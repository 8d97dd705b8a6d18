// Generated from src/api/groups by tools/gen-types.ts. Do not edit.


export type AESConfiguration = {
  readonly keys: readonly Key[]
}

export type EncryptionConfiguration = {
  readonly kind?: 'EncryptionConfiguration'
  readonly apiVersion?: 'apiserver.config.k8s.io/v1'
  readonly resources: readonly ResourceConfiguration[]
}

export type IdentityConfiguration = {

}

export type KMSConfiguration = {
  /** Default: `"v1"`. */
  readonly apiVersion: string
  readonly name: string
  /** Whole number (int32). */
  readonly cachesize?: number
  readonly endpoint: string
  /** Duration: `1m30s`. Default: `"3s"`. */
  readonly timeout?: string
}

export type Key = {
  readonly name: string
  readonly secret: string
}

export type ProviderConfiguration = {
  readonly aesgcm?: AESConfiguration
  readonly aescbc?: AESConfiguration
  readonly secretbox?: SecretboxConfiguration
  readonly identity?: IdentityConfiguration
  readonly kms?: KMSConfiguration
}

export type ResourceConfiguration = {
  readonly resources: readonly string[]
  readonly providers: readonly ProviderConfiguration[]
}

export type SecretboxConfiguration = {
  readonly keys: readonly Key[]
}
