import { randomBytes } from 'node:crypto'
import {
  chmod,
  chown,
  lchown,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import type { Ownership, VolumeFile } from '#kubelet'

const dataLink = '..data'
const newDataLink = '..data_tmp'

/**
 * Makes `files` the content of a folder in one step. The files lie in a folder of their own (`..<time>`), to which the
 * link `..data` points; the names that readers know are links through `..data`, so that turning it changes all at once.
 */
export async function writeAtomic(
  folder: string,
  files: ReadonlyMap<string, VolumeFile>,
  ownership: Ownership | undefined,
): Promise<void> {
  for (const path of files.keys()) check(path)
  const before = await readlink(join(folder, dataLink)).catch(() => undefined)
  if (before !== undefined && (await isSame(join(folder, before), files, ownership))) {
    await linkNames(folder, files)
    return
  }
  const stamp = new Date().toISOString().replace(/[-:T.Z]/g, '_')
  const data = `..${stamp}${randomBytes(4).toString('hex')}`
  await mkdir(join(folder, data), { mode: 0o755 })
  await chmod(join(folder, data), 0o755)
  for (const [path, file] of files) await writeOne(join(folder, data), path, file, ownership)
  if (ownership) {
    await own(folder, ownership)
    await own(join(folder, data), ownership)
  }
  await rm(join(folder, newDataLink), { force: true })
  await symlink(data, join(folder, newDataLink))
  await rename(join(folder, newDataLink), join(folder, dataLink))
  await linkNames(folder, files)
  await removeStale(folder, files, data)
}

function check(path: string): void {
  if (path === '' || path.startsWith('/')) throw new Error(`invalid path: must be relative path: ${path}`)
  if (path.length > 4096) throw new Error('invalid path: must be less than or equal to 4096 characters')
  if (path.split('/').includes('..')) throw new Error(`invalid path: must not contain '..': ${path}`)
  if (path.startsWith('..')) throw new Error(`invalid path: must not start with '..': ${path}`)
}

/** Mode of a file once its group may read it. */
const modeOf = (mode: number, ownership: Ownership | undefined): number =>
  ownership ? mode | (ownership.readOnly ? 0o440 : 0o660) : mode

async function writeOne(data: string, path: string, file: VolumeFile, ownership: Ownership | undefined): Promise<void> {
  const target = join(data, path)
  for (const folder of parentsOf(path)) {
    await mkdir(join(data, folder), { recursive: true, mode: 0o755 })
    if (ownership) await own(join(data, folder), ownership)
  }
  await writeFile(target, file.content)
  if (file.uid !== undefined || ownership) await chown(target, file.uid ?? 0, ownership?.group ?? 0)
  await chmod(target, modeOf(file.mode, ownership))
}

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** Gives a folder to a group; new files in it belong to the group too. */
async function own(folder: string, { group, readOnly }: Ownership): Promise<void> {
  const { mode, uid } = await stat(folder)
  await lchown(folder, uid, group)
  await chmod(folder, (mode & 0o7777) | 0o2110 | (readOnly ? 0o440 : 0o660))
}

async function isSame(
  data: string,
  files: ReadonlyMap<string, VolumeFile>,
  ownership: Ownership | undefined,
): Promise<boolean> {
  try {
    if ((await filesBelow(data)).length !== files.size) return false
    for (const [path, file] of files) {
      const target = join(data, path)
      const [content, { mode }] = await Promise.all([readFile(target), stat(target)])
      if (!content.equals(file.content) || (mode & 0o777) !== modeOf(file.mode, ownership)) return false
    }
    return true
  } catch {
    return false
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
}

const firstPart = (path: string): string => path.split('/')[0] ?? ''

async function linkNames(folder: string, files: ReadonlyMap<string, VolumeFile>): Promise<void> {
  const present = new Set(await readdir(folder))
  for (const name of new Set([...files.keys()].map(firstPart))) {
    if (!present.has(name)) await symlink(join(dataLink, name), join(folder, name))
  }
}

async function removeStale(folder: string, files: ReadonlyMap<string, VolumeFile>, data: string): Promise<void> {
  const names = new Set([...files.keys()].map(firstPart))
  for (const entry of await readdir(folder)) {
    const keeps = entry === dataLink || entry === data || names.has(entry)
    if (!keeps) await rm(join(folder, entry), { recursive: true, force: true })
  }
}
