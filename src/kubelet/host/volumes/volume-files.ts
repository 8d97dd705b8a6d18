import { chmodSync, mkdirSync } from 'node:fs'
import { lstat, mkdir, readdir, realpath, rm, stat, writeFile, chmod } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { FileKind, VolumeFiles } from '#kubelet'
import { told } from '../files/error.ts'
import { isMountPoint, mount, unmountAll } from '../files/mounts.ts'
import { writeAtomic } from './atomic-writer.ts'
import { setOwnership } from './ownership.ts'
import { prepareSubPath, releaseSubPaths } from './sub-path.ts'

/**
 * Volumes below the agent's folder. Small content that must not reach a disk (secrets, tokens) lies in one file system
 * in memory for all pods, because a mount of its own for each would cost a pod more than all else we do for it.
 *
 * @param root folder of all that the agent keeps.
 */
export function createVolumeFiles(root: string): VolumeFiles {
  const memory = join(root, 'memory')
  let ready: Promise<void> | undefined
  const mountShared = async (): Promise<void> => {
    await mkdir(memory, { recursive: true, mode: 0o711 })
    if (!(await isMountPoint(memory))) await mountTmpfs(memory, ['mode=0711', 'nosuid', 'nodev'])
  }
  return {
    makeFolder: (path, mode) => makeFolder(path, mode).catch(rethrow),
    makeFile: (path, mode) => makeFile(path, mode).catch(rethrow),
    kindOf,
    async memoryFolder(uid, name) {
      ready ??= mountShared().catch((error: unknown) => {
        ready = undefined
        throw error
      })
      await ready
      const folder = join(memory, uid, name)
      mkdirSync(folder, { recursive: true, mode: 0o777 })
      // As the top of a file system in memory has it.
      chmodSync(folder, 0o1777)
      return folder
    },
    writeAtomic,
    async mountMemory(folder, sizeBytes, pageSize) {
      if (await isMountPoint(folder)) return false
      if (pageSize === undefined) await mountTmpfs(folder, sizeBytes === undefined ? [] : [`size=${sizeBytes}`])
      else await mount(['-t', 'hugetlbfs', '-o', `pagesize=${pageSize}`, 'nodev', folder])
      return true
    },
    isReady: async (folder) => (await kindOf(markOf(folder))) === 'file',
    async markReady(folder) {
      const mark = markOf(folder)
      await mkdir(dirname(mark), { recursive: true, mode: 0o750 })
      await writeFile(mark, '')
    },
    setOwnership,
    subPath: prepareSubPath,
    async releasePod(uid, podFolder) {
      await releaseSubPaths(podFolder)
      await rm(join(memory, uid), { recursive: true, force: true })
    },
    async remove(path) {
      await unmountAll(path)
      await rm(path, { recursive: true, force: true })
    },
    async list(uid) {
      const volumes = join(root, 'pods', uid, 'volumes')
      const found: string[] = []
      for (const plugin of await readdir(volumes).catch(() => [])) {
        for (const name of await readdir(join(volumes, plugin))) found.push(`${plugin}/${name}`)
      }
      return found
    },
    realPath: (path) => realpath(path),
  }
}

/** What lies in memory is not to get to a disk by way of swap, where the kernel (6.4) can see to it. */
async function mountTmpfs(folder: string, options: readonly string[]): Promise<void> {
  const mountWith = (more: readonly string[]): Promise<void> => {
    const all = [...options, ...more]
    return mount(['-t', 'tmpfs', ...(all.length === 0 ? [] : ['-o', all.join(',')]), 'tmpfs', folder])
  }
  await mountWith(['noswap']).catch(() => mountWith([]))
}

function rethrow(error: unknown): never {
  throw told(error)
}

async function makeFolder(path: string, mode: number): Promise<void> {
  await mkdir(path, { recursive: true, mode })
  if (((await stat(path)).mode & 0o777) !== mode) await chmod(path, mode)
}

async function makeFile(path: string, mode: number): Promise<void> {
  await writeFile(path, '', { flag: 'a' })
  await chmod(path, mode)
}

/** Lies beside the volumes of the pod, in the place that kubelets have for it: `plugins/<plugin>/<volume>/ready`. */
function markOf(folder: string): string {
  const plugin = dirname(folder)
  return join(dirname(dirname(plugin)), 'plugins', basename(plugin), basename(folder), 'ready')
}

async function kindOf(path: string): Promise<FileKind> {
  try {
    await lstat(path)
    const info = await stat(path)
    if (info.isDirectory()) return 'directory'
    if (info.isFile()) return 'file'
    if (info.isSocket()) return 'socket'
    if (info.isCharacterDevice()) return 'character device'
    return info.isBlockDevice() ? 'block device' : 'other'
  } catch {
    return 'none'
  }
}

/** Unmounts everything that an agent has mounted below its folder. For nodes that are taken away. */
export function releaseNode(root: string): Promise<void> {
  return unmountAll(root)
}
