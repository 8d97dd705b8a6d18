import { join } from 'node:path'
import type { Clock } from '#base'
import { CertificateAuthority } from './authority.ts'
import { publicMode, readIfExists, secretMode, writeFileAtomically } from './keep/files.ts'
import { authorityLifetimeMs } from './keep/store.ts'
import { generateRsaKey } from './keys.ts'

/** Common names of the authorities of a cluster, by the name of their files. */
export const authorityNames = { ca: 'kubernetes', 'front-proxy-ca': 'front-proxy-ca' } as const

/** What all servers of a cluster have in common, in PEM by file, as kubeadm has them copied from one to the next. */
export interface AuthorityFiles {
  readonly [file: string]: string
}

const fileNames = ['ca.key', 'ca.crt', 'front-proxy-ca.key', 'front-proxy-ca.crt', 'sa.key'] as const

/** Makes new ones, in memory. */
export async function makeAuthorities(clock: Clock): Promise<AuthorityFiles> {
  const files: { [file: string]: string } = { 'sa.key': await generateRsaKey() }
  for (const [file, commonName] of Object.entries(authorityNames)) {
    const { certificate, key } = CertificateAuthority.create(commonName, clock.now(), authorityLifetimeMs)
    files[`${file}.crt`] = certificate
    files[`${file}.key`] = key
  }
  return files
}

/** Those that a folder has: all, some or none. */
export async function readAuthorities(folder: string): Promise<AuthorityFiles> {
  const contents = await Promise.all(fileNames.map((name) => readIfExists(join(folder, name))))
  return Object.fromEntries(
    fileNames.flatMap((name, index) => {
      const content = contents[index]
      return content === undefined ? [] : [[name, content] as const]
    }),
  )
}

/** Whether none is missing. */
export const areComplete = (files: AuthorityFiles): boolean => fileNames.every((name) => files[name] !== undefined)

/** Keys go first: a certificate whose key is not there tells of one that was lost. */
export async function writeAuthorities(folder: string, files: AuthorityFiles): Promise<void> {
  for (const name of fileNames) {
    const mode = name.endsWith('.key') ? secretMode : publicMode
    await writeFileAtomically(join(folder, name), files[name] ?? '', { mode, durable: true })
  }
}
