import { readDocument } from '#machinery'
import type { DocumentFields } from '#machinery'

/** What a plugin wants to know of the service account that a pod runs as (KEP-4412). */
export interface TokenAttributes {
  readonly serviceAccountTokenAudience: string
  /** Whether its credentials are for all pods of an account, or for the token that they were had with. */
  readonly cacheType: 'ServiceAccount' | 'Token'
  readonly requireServiceAccount: boolean
  readonly requiredServiceAccountAnnotationKeys?: readonly string[]
  readonly optionalServiceAccountAnnotationKeys?: readonly string[]
}

/** A program that knows credentials of registries (KEP-2133). */
export interface CredentialProvider {
  /** Its file in the folder of plugins. */
  readonly name: string
  /** Images that it is asked for: locations, whose hosts may have globs. */
  readonly matchImages: readonly string[]
  /** Milliseconds for which its answers are kept that don't say. */
  readonly defaultCacheDuration: number
  /** Of what it is asked and answers. */
  readonly apiVersion: string
  readonly args?: readonly string[]
  readonly env?: readonly { readonly name: string; readonly value: string }[]
  readonly tokenAttributes?: TokenAttributes
}

/** What was written of a provider: nothing has to be there. */
export type WrittenProvider = Partial<Omit<CredentialProvider, 'tokenAttributes'>> & {
  readonly tokenAttributes?: Partial<TokenAttributes>
}

const provider: DocumentFields = {
  name: 'string',
  matchImages: { list: 'string' },
  defaultCacheDuration: 'duration',
  apiVersion: 'string',
  args: { list: 'string' },
  env: { list: { fields: { name: 'string', value: 'string' } } },
}

const tokenAttributes: DocumentFields = {
  serviceAccountTokenAudience: 'string',
  cacheType: 'string',
  requireServiceAccount: 'boolean',
  requiredServiceAccountAnnotationKeys: { list: 'string' },
  optionalServiceAccountAnnotationKeys: { list: 'string' },
}

const group = 'kubelet.config.k8s.io'
const currentVersion = 'v1'

/** Providers of a CredentialProviderConfig, not yet validated. @throws Error when it is none. */
export function readProviders(document: unknown): readonly WrittenProvider[] {
  const { apiVersion } = (document ?? {}) as { readonly apiVersion?: unknown }
  const isCurrent = apiVersion === `${group}/${currentVersion}`
  const fields = isCurrent ? { ...provider, tokenAttributes: { fields: tokenAttributes } } : provider
  const { providers = [] } = readDocument<{ readonly providers?: readonly WrittenProvider[] }>(document, {
    group,
    versions: isCurrent ? [currentVersion] : ['v1beta1', 'v1alpha1'],
    kind: 'CredentialProviderConfig',
    fields: { providers: { list: { fields } } },
  })
  return providers
}
