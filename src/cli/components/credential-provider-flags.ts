import type { CredentialProviderFiles } from '#kubelet/host'
import type { FlagSet } from '../flags/flag.ts'
import { absentIfEmpty } from '../flags/kinds.ts'

export interface CredentialProviderFlags {
  readonly 'image-credential-provider-config': string | undefined
  readonly 'image-credential-provider-bin-dir': string | undefined
}

/** Programs of a node that know credentials of registries. */
export const credentialProviderFlags: FlagSet<CredentialProviderFlags> = {
  'image-credential-provider-config': absentIfEmpty(
    'CredentialProviderConfig that says when programs are asked for credentials of registries, or a folder of such files.',
    'file',
  ),
  'image-credential-provider-bin-dir': absentIfEmpty('Folder of these programs.', 'folder'),
}

/** Either flag asks for both. */
export function credentialProvidersOf(flags: CredentialProviderFlags): CredentialProviderFiles | undefined {
  const { 'image-credential-provider-config': config, 'image-credential-provider-bin-dir': programs } = flags
  return config === undefined && programs === undefined ? undefined : { config: config ?? '', programs: programs ?? '' }
}
