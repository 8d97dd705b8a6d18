import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '#base'
import { parse } from 'yaml'
import { mergePatch } from '#machinery'
import { readConfiguration, writtenConfiguration } from '#kubelet'

/** Fields of a KubeletConfiguration, not looked at yet. */
export interface ConfigurationFields {
  readonly [field: string]: unknown
}

/**
 * A KubeletConfiguration as a file has it, YAML or JSON, for `readConfiguration`; fields given elsewhere can be put over
 * it before.
 *
 * @throws Error that names the file.
 */
export async function readConfigurationFile(path: string): Promise<ConfigurationFields> {
  try {
    const content: unknown = parse(await readFile(path, 'utf8'), { version: '1.1' })
    if (typeof content !== 'object' || content === null || Array.isArray(content)) throw new Error('it is no object')
    return content as ConfigurationFields
  } catch (error) {
    throw new Error(`read kubelet configuration ${path}: ${messageOf(error)}`, { cause: error })
  }
}

const version = 'kubelet.config.k8s.io/v1beta1'

/**
 * A configuration with the files of a folder put over it, each as a JSON merge patch (`--config-dir`): those whose names
 * end in `.conf`, in the order of their names, with those of folders within. Defaults are there already when the first of
 * them comes.
 *
 * @throws Error that names the file.
 */
export async function withDropIns(base: ConfigurationFields, folder: string): Promise<ConfigurationFields> {
  let merged = writtenConfiguration(readConfiguration(base)) as ConfigurationFields
  const walked = `failed to merge kubelet configs: failed to walk through kubelet dropin directory "${folder}"`
  const files = await dropIns(folder).catch((cause: unknown) => {
    throw new Error(`${walked}: ${messageOf(cause)}`, { cause })
  })
  for (const path of files) {
    const patch = await readConfigurationFile(path)
    const { apiVersion, kind } = patch
    const failed = `${walked}: failed to load kubelet dropin file, path: ${path}`
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') throw new Error(`${failed}, no apiVersion/kind`)
    if (apiVersion !== version || kind !== 'KubeletConfiguration') {
      throw new Error(`${failed}, unknown apiVersion/kind: ${apiVersion}, Kind=${kind}`)
    }
    merged = mergePatch(merged, patch) as ConfigurationFields
  }
  return merged
}

async function dropIns(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  const found: string[] = []
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...(await dropIns(path)))
    else if (entry.name.endsWith('.conf')) found.push(path)
  }
  return found
}
