import { chmodSync, mkdirSync } from 'node:fs'
import { lstat, mkdir, readdir, realpath, rm, stat, writeFile, chmod } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { FileKind, VolumeFiles } from '#kubelet'
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
    if (!(await isMountPoint(memory))) await mount(['-t', 'tmpfs', '-o', 'mode=0711,nosuid,nodev', 'tmpfs', memory])
  }
  return {
    async makeFolder(path, mode) {
      await mkdir(path, { recursive: true, mode })
      if (((await stat(path)).mode & 0o777) !== mode) await chmod(path, mode)
    },
    async makeFile(path, mode) {
      await writeFile(path, '', { flag: 'a' })
      await chmod(path, mode)
    },
    kindOf,
    async memoryFolder(uid, name) {
      ready ??= mountShared().catch((error: unknown) => {
        ready = undefined
        throw error
      })
      await ready
      const folder = join(memory, uid, name)
      mkdirSync(folder, { recursive: true, mode: 0o777 })
      chmodSync(folder, 0o777)
      return folder
    },
    writeAtomic,
    async mountMemory(folder, sizeBytes, hugePages) {
      if (await isMountPoint(folder)) return false
      if (hugePages !== undefined) {
        const pageSize = hugePages === 'HugePages' ? [] : ['-o', `pagesize=${hugePages.slice('HugePages-'.length)}`]
        await mount(['-t', 'hugetlbfs', ...pageSize, 'nodev', folder])
        return true
      }
      const size = sizeBytes === undefined ? '' : `,size=${sizeBytes}`
      await mount(['-t', 'tmpfs', '-o', `mode=0777,nosuid,nodev${size}`, 'tmpfs', folder])
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
