import { createHash } from 'node:crypto'
import { access, constants, readdir, readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { parse } from 'yaml'
import { messageOf } from '#base'
import { readProviders, validatedProviders } from '#kubelet'
import type { ConfiguredProviders, WrittenProvider } from '#kubelet'
import { createProgramRunner } from './run.ts'

/** Where the programs that know credentials are, and what says when to ask them. */
export interface CredentialProviderFiles {
  /** A CredentialProviderConfig, or a folder of them. */
  readonly config: string
  /** Folder of the programs. */
  readonly programs: string
}

/**
 * Reads which programs know credentials of registries.
 *
 * @throws Error that says what is missing or wrong.
 */
export async function loadCredentialProviders(files: CredentialProviderFiles): Promise<ConfiguredProviders> {
  await checkFolder(files.programs)
  const { written, hash } = await readConfig(files.config)
  const providers = validatedProviders(written)
  for (const { name } of providers) await checkProgram(join(files.programs, name))
  return { providers, hash, run: createProgramRunner(files.programs) }
}

async function checkFolder(folder: string): Promise<void> {
  await stat(folder).catch((cause: unknown) => {
    if (isMissing(cause)) throw new Error(`plugin binary directory ${folder} did not exist`, { cause })
    throw new Error(`error inspecting binary directory ${folder}: ${messageOf(cause)}`, { cause })
  })
}

async function checkProgram(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) throw new Error('is a directory')
    await access(path, constants.X_OK)
  } catch (cause) {
    if (isMissing(cause)) throw new Error(`plugin binary executable ${path} did not exist`, { cause })
    throw new Error(`error inspecting binary executable ${path}: ${messageOf(cause)}`, { cause })
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

interface ReadConfig {
  readonly written: readonly WrittenProvider[]
  /** Of all files, each after its length, so that no two sets of files have the same. */
  readonly hash: string
}

async function readConfig(path: string): Promise<ReadConfig> {
  const files = await configFiles(path)
  const digest = createHash('sha256')
  const written: WrittenProvider[] = []
  for (const file of files) {
    const data = await readFile(file).catch((cause: unknown) => {
      throw new Error(`unable to read file ${JSON.stringify(file)}: ${messageOf(cause)}`, { cause })
    })
    const length = Buffer.alloc(8)
    length.writeBigUInt64BE(BigInt(data.length))
    digest.update(length).update(data)
    written.push(...decode(file, data.toString('utf8')))
  }
  const seen = new Set<string>()
  for (const { name = '' } of written) {
    if (seen.has(name))
      throw new Error(`duplicate provider name ${JSON.stringify(name)} found in configuration file(s)`)
    seen.add(name)
  }
  return { written, hash: `sha256:${digest.digest('hex')}` }
}

function decode(file: string, text: string): readonly WrittenProvider[] {
  try {
    return readProviders(parse(text, { version: '1.1' }))
  } catch (cause) {
    throw new Error(`error decoding config ${JSON.stringify(file)}: ${messageOf(cause)}`, { cause })
  }
}

/** The file, or those of a folder in the order of their names. */
async function configFiles(path: string): Promise<readonly string[]> {
  if (path === '') throw new Error('credential provider config path is empty')
  const found = await stat(path).catch((cause: unknown) => {
    throw new Error(`unable to access path ${JSON.stringify(path)}: ${messageOf(cause)}`, { cause })
  })
  if (!found.isDirectory()) return [path]
  const entries = await readdir(path, { withFileTypes: true })
  const files = entries
    .filter((entry) => !entry.isDirectory() && ['.json', '.yaml', '.yml'].includes(extname(entry.name)))
    .map(({ name }) => join(path, name))
    .sort()
  if (files.length === 0) throw new Error(`no configuration files found in directory ${JSON.stringify(path)}`)
  return files
}
