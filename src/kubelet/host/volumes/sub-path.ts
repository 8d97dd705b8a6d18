import { constants } from 'node:fs'
import { chmod, mkdir, open, readlink, realpath, rm, stat, writeFile, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SubPathNotMadeError, type SubPath } from '#kubelet'
import { isMountPoint, mount, unmountAll } from '../files/mounts.ts'

/** Opens a name for nothing but to point at it (O_PATH); it works on sockets and pipes too. */
const pathOnly = 0o10000000

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)

/**
 * Binds a path within a volume to a place of its own. The path is opened first, and what was opened is checked to lie in
 * the volume and is what gets mounted: a container that turns links around meanwhile gains nothing.
 */
export async function prepareSubPath(request: SubPath): Promise<string> {
  const { podFolder, volumeName, containerName, index, volumePath, subPath } = request
  const volume = await realpath(volumePath)
  if (await isMissing(join(volume, subPath))) {
    await makeMissing(volume, subPath).catch((cause: unknown) => {
      throw new SubPathNotMadeError({ cause })
    })
  }
  const target = join(podFolder, 'volume-subpaths', volumeName, containerName, String(index))
  const handle = await open(join(volume, subPath), constants.O_RDONLY | pathOnly)
  try {
    const opened = await readlink(`/proc/self/fd/${handle.fd}`)
    if (!isWithin(opened, volume)) throw new Error(`subpath ${opened} not within volume path ${volume}`)
    if (await isMountPoint(target)) await unmountAll(target)
    await makeTarget(target, handle)
    await mount(['--no-canonicalize', '--bind', `/proc/${process.pid}/fd/${handle.fd}`, target])
  } finally {
    await handle.close()
  }
  return target
}

/** Whether nothing is there. What can't be looked at, like a name below a file, is not said to be missing. */
async function isMissing(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  )
}

/** Makes the folders of a path that are missing, with the mode of the volume, and none outside of it. */
async function makeMissing(volume: string, subPath: string): Promise<void> {
  const { mode } = await stat(volume)
  let folder = volume
  for (const part of subPath.split('/').filter((name) => name !== '' && name !== '.')) {
    const next = join(folder, part)
    const real = await realpath(next).catch(() => undefined)
    if (real === undefined) {
      await mkdir(next)
      // Not by mkdir, which leaves out what the umask forbids.
      await chmod(next, mode & 0o7777)
      folder = next
    } else {
      if (!isWithin(real, volume)) throw new Error(`subpath ${real} not within volume path ${volume}`)
      folder = real
    }
  }
}

async function makeTarget(target: string, handle: FileHandle): Promise<void> {
  if ((await handle.stat()).isDirectory()) {
    await mkdir(target, { recursive: true, mode: 0o750 })
    return
  }
  await mkdir(dirname(target), { recursive: true, mode: 0o750 })
  await writeFile(target, '')
}

/** Releases all sub-paths of a pod. */
export async function releaseSubPaths(podFolder: string): Promise<void> {
  const folder = join(podFolder, 'volume-subpaths')
  await unmountAll(folder)
  await rm(folder, { recursive: true, force: true })
}
