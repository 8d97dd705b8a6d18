import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { open, readdir, readFile, readlink, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseResolverFile, type PodFiles } from '#kubelet'
import { logSize, removeLog, tidyLogs } from '../logs/rotated.ts'
import { readLogTail } from '../logs/tail.ts'
import { readVariable } from './env-file.ts'
import { mountsBelow } from './mounts.ts'

export interface PodFilesOptions {
  /** Folder of all that the agent keeps: `/var/lib/kubelet`. */
  readonly root: string
  /** Logs of all pods: `/var/log/pods`. */
  readonly podLogs: string
  /** Where log collectors look: `/var/log/containers`. */
  readonly containerLogs: string
  /** The node's resolver file; empty for none. */
  readonly resolverFile: string
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

async function folderEntries(path: string): Promise<string[]> {
  try {
    return await readdir(path)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/**
 * Files of pods below the agent's folder. What a pod needs to start is made at once: nothing of it waits for a disk, and to
 * hand each step to another thread would take ten times as long as to do it.
 */
export function createPodFiles({ root, podLogs, containerLogs, resolverFile }: PodFilesOptions): PodFiles {
  const podFolder = (uid: string): string => join(root, 'pods', uid)
  return {
    root,
    podFolder,
    async makePodFolders(uid) {
      for (const folder of ['volumes', 'plugins', 'containers']) {
        mkdirSync(join(podFolder(uid), folder), { recursive: true, mode: 0o750 })
      }
    },
    async removePodFolders(uid) {
      const mounted = await mountsBelow(podFolder(uid))
      if (mounted.length > 0) throw new Error(`remove files of pod ${uid}: ${mounted[0]} is still mounted`)
      await rm(podFolder(uid), { recursive: true, force: true })
    },
    podsWithFolders: () => folderEntries(join(root, 'pods')),

    async writeHostsFile(uid, content) {
      const path = join(podFolder(uid), 'etc-hosts')
      writeFileSync(path, content)
      chmodSync(path, 0o644)
      return path
    },
    readNodeHosts: () => readFile('/etc/hosts', 'utf8'),
    async readResolver() {
      return resolverFile === '' ? undefined : parseResolverFile(await readFile(resolverFile, 'utf8'))
    },

    ...logFiles(podLogs, containerLogs),
    ...terminationLogs(podFolder),
    readVariable,
  }
}

type LogFiles = Pick<
  PodFiles,
  | 'linkLog'
  | 'logSize'
  | 'makeLogFolder'
  | 'nextRestartByLogs'
  | 'podsWithLogs'
  | 'readLogTail'
  | 'removeLog'
  | 'removeLogs'
  | 'setLogAside'
  | 'takeLogBack'
  | 'tidyLogs'
  | 'unlinkLog'
>

function logFiles(podLogs: string, containerLogs: string): LogFiles {
  return {
    async makeLogFolder(path) {
      mkdirSync(path, { recursive: true, mode: 0o755 })
    },
    async nextRestartByLogs(folder) {
      let next = 0
      for (const name of await folderEntries(folder)) {
        const number = /^(\d+)\.log/.exec(name)?.[1]
        if (number !== undefined) next = Math.max(next, Number(number) + 1)
      }
      return next
    },
    async linkLog(log, name) {
      mkdirSync(containerLogs, { recursive: true, mode: 0o755 })
      const path = join(containerLogs, name)
      rmSync(path, { force: true })
      symlinkSync(log, path)
    },
    unlinkLog: (name) => rm(join(containerLogs, name), { force: true }),
    logSize,
    setLogAside: (path, suffix) => rename(path, `${path}.${suffix}`),
    takeLogBack: (path, suffix) => rename(`${path}.${suffix}`, path),
    tidyLogs,
    removeLog,
    async removeLogs(folder) {
      await rm(folder, { recursive: true, force: true })
      const [namespace = '', pod = ''] = basename(folder).split('_')
      for (const name of await folderEntries(containerLogs)) {
        if (!name.startsWith(`${pod}_${namespace}_`)) continue
        const link = join(containerLogs, name)
        if ((await readlink(link).catch(() => '')).startsWith(`${folder}/`)) await rm(link, { force: true })
      }
    },
    async podsWithLogs() {
      const names = await folderEntries(podLogs)
      return names.map((name) => ({ uid: name.slice(name.lastIndexOf('_') + 1), folder: join(podLogs, name) }))
    },
    readLogTail,
  }
}

function terminationLogs(
  podFolder: (uid: string) => string,
): Pick<PodFiles, 'makeTerminationLog' | 'readTerminationLog'> {
  return {
    async makeTerminationLog(uid, containerName) {
      const folder = join(podFolder(uid), 'containers', containerName)
      mkdirSync(folder, { recursive: true, mode: 0o750 })
      const path = join(folder, randomBytes(4).toString('hex'))
      writeFileSync(path, '')
      chmodSync(path, 0o666)
      return path
    },
    async readTerminationLog(path, mostBytes) {
      try {
        const file = await open(path)
        try {
          const { size } = await file.stat()
          const length = Math.min(size, mostBytes)
          const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length)
          return buffer.toString('utf8')
        } finally {
          await file.close()
        }
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },
  }
}
