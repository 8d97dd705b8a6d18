import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { openEncryption } from '#apiserver'
import type { Encryption } from '#apiserver'
import type { Clock, Logger } from '#base'
import { quote } from '#machinery'
import { UserError } from '../user-error.ts'
import { nodeCiphers } from './ciphers.ts'
import { kmsClient } from './kms-client.ts'

/** How what is stored is sealed: `--encryption-provider-config` and its companion. */
export interface EncryptionSettings {
  readonly configFile: string
  readonly reload: boolean
}

/** Encryption at rest by a file with an EncryptionConfiguration. @throws UserError */
export async function openEncryptionFile(
  { configFile: file, reload }: EncryptionSettings,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Promise<Encryption> {
  try {
    return await openEncryption({
      clock,
      logger,
      ciphers: nodeCiphers,
      connect: kmsClient,
      file,
      read: () => readConfiguration(file),
      reload,
      hostname: hostname(),
    })
  } catch (cause) {
    throw new UserError(`flag --encryption-provider-config: ${(cause as Error).message}`, { exitCode: 2, cause })
  }
}

const reasons: { readonly [code: string]: string } = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
}

async function readConfiguration(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (cause) {
    const { code = '', syscall = 'open', message } = cause as NodeJS.ErrnoException
    const why = `${syscall} ${file}: ${reasons[code] ?? message}`
    throw new Error(`error reading encryption provider configuration file ${quote(file)}: ${why}`, { cause })
  }
}
