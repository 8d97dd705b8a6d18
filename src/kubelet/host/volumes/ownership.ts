import { chmod, lchown, lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ownership } from '#kubelet'

const setGroupId = 0o2000

/** Gives a folder and all it holds to a group. */
export async function setOwnership(folder: string, ownership: Ownership): Promise<void> {
  if (ownership.onRootMismatch && (await isOwned(folder, ownership))) return
  // The top folder last: as long as it is not right, all is done anew.
  for (const entry of await readdir(folder)) await give(join(folder, entry), ownership)
  await giveOne(folder, ownership)
}

const maskOf = ({ readOnly }: Ownership): number => (readOnly ? 0o440 : 0o660)

async function isOwned(folder: string, ownership: Ownership): Promise<boolean> {
  const { gid, mode } = await stat(folder)
  const wanted = maskOf(ownership) | 0o110 | setGroupId
  return gid === ownership.group && (mode & wanted) === wanted
}

async function give(path: string, ownership: Ownership): Promise<void> {
  const info = await lstat(path)
  if (info.isDirectory()) for (const entry of await readdir(path)) await give(join(path, entry), ownership)
  await giveOne(path, ownership)
}

async function giveOne(path: string, ownership: Ownership): Promise<void> {
  const info = await lstat(path)
  await lchown(path, info.uid, ownership.group)
  if (info.isSymbolicLink()) return
  const mask = maskOf(ownership) | (info.isDirectory() ? 0o110 | setGroupId : 0)
  await chmod(path, (info.mode & 0o7777) | mask)
}
