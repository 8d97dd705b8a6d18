import type { Encryption } from '#apiserver'
import type { Clock, Logger } from '#base'
import type { ClusterSettings } from '../state/settings.ts'
import { usageError } from '../user-error.ts'

/** Encryption at rest as the settings of a cluster have it; `undefined` when they have none. @throws UserError */
export async function encryptionOf(
  { encryptionConfig: configFile = '', encryptionReload: reload = false }: ClusterSettings,
  context: { readonly clock: Clock; readonly logger: Logger },
): Promise<Encryption | undefined> {
  if (configFile === '') {
    if (reload) throw usageError(alone)
    return undefined
  }
  const { openEncryptionFile } = await import('./open.ts')
  return openEncryptionFile({ configFile, reload }, context)
}

const alone = '--encryption-provider-config-automatic-reload must be set with --encryption-provider-config'
