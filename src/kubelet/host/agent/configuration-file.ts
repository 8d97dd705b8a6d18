import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'

/**
 * A KubeletConfiguration as a file has it, YAML or JSON, for `readConfiguration`; fields given elsewhere can be put over
 * it before.
 *
 * @throws Error that names the file.
 */
export async function readConfigurationFile(path: string): Promise<{ readonly [field: string]: unknown }> {
  try {
    const content: unknown = parse(await readFile(path, 'utf8'), { version: '1.1' })
    if (typeof content !== 'object' || content === null || Array.isArray(content)) throw new Error('it is no object')
    return content as { readonly [field: string]: unknown }
  } catch (error) {
    throw new Error(`read kubelet configuration ${path}: ${(error as Error).message}`, { cause: error })
  }
}
