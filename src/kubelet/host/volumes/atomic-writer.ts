import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Ownership, VolumeFile } from '#kubelet'

const dataLink = '..data'
const newDataLink = '..data_tmp'

/**
 * Makes `files` the content of a folder in one step. The files lie in a folder of their own (`..<time>`), to which the
 * link `..data` points; the names that readers know are links through `..data`, so that turning it changes all at once.
 * Nothing of it waits for a disk: to hand each step to another thread would take ten times as long as to do it.
 */
export async function writeAtomic(
  folder: string,
  files: ReadonlyMap<string, VolumeFile>,
  ownership: Ownership | undefined,
): Promise<void> {
  for (const path of files.keys()) check(path)
  const before = targetOf(join(folder, dataLink))
  if (before !== undefined && isSame(join(folder, before), files, ownership)) {
    linkNames(folder, files)
    return
  }
  const stamp = new Date().toISOString().slice(0, 19).replace(/[-:T]/g, '_')
  const data = `..${stamp}.${randomBytes(4).readUInt32LE()}`
  mkdirSync(join(folder, data), { mode: 0o755 })
  chmodSync(join(folder, data), 0o755)
  for (const [path, file] of files) writeOne(join(folder, data), path, file, ownership)
  if (ownership) {
    own(folder, ownership)
    own(join(folder, data), ownership)
  }
  rmSync(join(folder, newDataLink), { force: true })
  symlinkSync(data, join(folder, newDataLink))
  renameSync(join(folder, newDataLink), join(folder, dataLink))
  linkNames(folder, files)
  removeStale(folder, files, data)
}

/** Where a link leads; `undefined` when there is none. */
function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link)
  } catch {
    return undefined
  }
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

function writeOne(data: string, path: string, file: VolumeFile, ownership: Ownership | undefined): void {
  const target = join(data, path)
  for (const folder of parentsOf(path)) {
    mkdirSync(join(data, folder), { recursive: true, mode: 0o755 })
    if (ownership) own(join(data, folder), ownership)
  }
  writeFileSync(target, file.content)
  if (file.uid !== undefined || ownership) chownSync(target, file.uid ?? 0, ownership?.group ?? 0)
  chmodSync(target, modeOf(file.mode, ownership))
}

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** Gives a folder to a group; new files in it belong to the group too. */
function own(folder: string, { group, readOnly }: Ownership): void {
  const { mode, uid } = statSync(folder)
  lchownSync(folder, uid, group)
  chmodSync(folder, (mode & 0o7777) | 0o2110 | (readOnly ? 0o440 : 0o660))
}

function isSame(data: string, files: ReadonlyMap<string, VolumeFile>, ownership: Ownership | undefined): boolean {
  try {
    if (filesBelow(data).length !== files.size) return false
    for (const [path, file] of files) {
      const target = join(data, path)
      if ((statSync(target).mode & 0o777) !== modeOf(file.mode, ownership)) return false
      if (!readFileSync(target).equals(file.content)) return false
    }
    return true
  } catch {
    return false
  }
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
}

const firstPart = (path: string): string => path.split('/')[0] ?? ''

function linkNames(folder: string, files: ReadonlyMap<string, VolumeFile>): void {
  const present = new Set(readdirSync(folder))
  for (const [path, { uid }] of files) {
    const name = firstPart(path)
    if (present.has(name)) continue
    present.add(name)
    symlinkSync(join(dataLink, name), join(folder, name))
    if (uid !== undefined) lchownSync(join(folder, name), uid, -1)
  }
}

function removeStale(folder: string, files: ReadonlyMap<string, VolumeFile>, data: string): void {
  const names = new Set([...files.keys()].map(firstPart))
  for (const entry of readdirSync(folder)) {
    const keeps = entry === dataLink || entry === data || names.has(entry)
    if (!keeps) rmSync(join(folder, entry), { recursive: true, force: true })
  }
}
