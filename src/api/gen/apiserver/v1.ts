// Generated from src/api/groups by tools/gen-types.ts. Do not edit.


export interface AESConfiguration {
  readonly keys: readonly Key[]
}

export interface EncryptionConfiguration {
  readonly kind?: 'EncryptionConfiguration'
  readonly apiVersion?: 'apiserver.config.k8s.io/v1'
  readonly resources: readonly ResourceConfiguration[]
}

export interface IdentityConfiguration {

}

export interface KMSConfiguration {
  readonly apiVersion: string
  readonly name: string
  readonly cachesize?: number
  readonly endpoint: string
  readonly timeout?: string
}

export interface Key {
  readonly name: string
  readonly secret: string
}

export interface ProviderConfiguration {
  readonly aesgcm?: AESConfiguration
  readonly aescbc?: AESConfiguration
  readonly secretbox?: SecretboxConfiguration
  readonly identity?: IdentityConfiguration
  readonly kms?: KMSConfiguration
}

export interface ResourceConfiguration {
  readonly resources: readonly string[]
  readonly providers: readonly ProviderConfiguration[]
}

export interface SecretboxConfiguration {
  readonly keys: readonly Key[]
}
