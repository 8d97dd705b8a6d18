import { existsSync } from 'node:fs'
import { mkdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { messageOf } from '#base'
import type { ProcessCgroups } from '#kubelet'
import { accountedIn } from './accounted.ts'
import { passDown } from './delegation.ts'
import { mountedHierarchies, versionOf, type Hierarchy } from './hierarchies.ts'

export interface ProcessCgroupsOptions {
  readonly hierarchies?: readonly Hierarchy[]
  /** Process that is the agent; this one when absent. */
  readonly agent?: number
  /** Whether a process is in no container; the kernel is asked when absent. */
  readonly isOfHost?: (pid: number) => Promise<boolean>
}

/** How often processes of the root cgroup are looked for at a time: they start others meanwhile. */
const sweeps = 11

/** Moves processes between cgroups of the kernel. */
export function createProcessCgroups(options: ProcessCgroupsOptions = {}): ProcessCgroups {
  const { hierarchies = mountedHierarchies(), agent = process.pid, isOfHost = sharesInit } = options
  const version = versionOf(hierarchies)
  const mounts = hierarchies.filter((each) => each.version === version)
  const enter = async (path: string, pid: number): Promise<void> => {
    for (const { mountPoint, controllers } of mounts) {
      await (version === 2 ? makeUnified(mountPoint, path) : makeSplit(mountPoint, path, controllers))
      await writeFile(join(mountPoint, path, 'cgroup.procs'), String(pid))
    }
  }
  return {
    keepAgent: async (path, oomScore) => {
      if (!(await isOfHost(agent))) return
      const problems: string[] = []
      const before = accountedIn(await readFile(`/proc/${agent}/cgroup`, 'utf8'), version)
      if (before !== path) {
        const move = `failed to move PID ${agent} (in ${JSON.stringify(before ?? '')}) to ${JSON.stringify(path)}`
        await enter(path, agent).catch((error: unknown) => problems.push(`${move}: ${messageOf(error)}`))
      }
      await writeFile(`/proc/${agent}/oom_score_adj`, String(oomScore)).catch((error: unknown) =>
        problems.push(`failed to apply oom score ${oomScore} to PID ${agent}: ${messageOf(error)}`),
      )
      if (problems.length > 0) throw new Error(problems.length > 1 ? `[${problems.join(', ')}]` : problems[0])
    },
    keepOthers: async (path) => {
      let problem: Error | undefined
      for (let sweep = 0; sweep < sweeps; sweep++) {
        const pids = await movableIn(rootOf(mounts))
        if (pids.length === 0) return
        for (const pid of pids) {
          await enter(path, pid).catch((cause: unknown) => {
            const move = `failed to move PID ${pid} into the system container ${JSON.stringify(path)}`
            problem = new Error(`${move}: ${messageOf(cause)}`, { cause })
          })
        }
      }
      if (problem) throw problem
    },
  }
}

/** The root cgroup, of v1 where devices are accounted. */
const rootOf = (mounts: readonly Hierarchy[]): string =>
  (mounts.find(({ controllers }) => controllers.includes('devices')) ?? mounts[0])?.mountPoint ?? '/sys/fs/cgroup'

async function movableIn(cgroup: string): Promise<number[]> {
  const text = await readFile(join(cgroup, 'cgroup.procs'), 'utf8')
  const pids = text.split('\n').slice(0, -1).map(Number)
  const movable = await Promise.all(pids.map(async (pid) => pid > 1 && !(await isOfKernel(pid))))
  return pids.filter((_, index) => movable[index])
}

/** Threads of the kernel have no program. */
async function isOfKernel(pid: number): Promise<boolean> {
  const { code } = await readlink(`/proc/${pid}/exe`).then(
    () => ({ code: '' }),
    (error: NodeJS.ErrnoException) => error,
  )
  return code === 'ENOENT'
}

async function sharesInit(pid: number): Promise<boolean> {
  const namespaceOf = (of: number | string, name: string): Promise<string> =>
    readlink(`/proc/${of}/ns/pid`).catch((cause: unknown) => {
      throw new Error(`failed to find pid namespace of ${name}`, { cause })
    })
  return (await namespaceOf(1, 'init process')) === (await namespaceOf(pid, `process ${pid}`))
}

async function makeUnified(mountPoint: string, path: string): Promise<void> {
  if (existsSync(join(mountPoint, path))) return
  await mkdir(join(mountPoint, path), { recursive: true })
  await passDown(mountPoint, path)
}

/** A v1 cgroup holds no process before it has CPUs and memory: those of its parent. */
async function makeSplit(mountPoint: string, path: string, controllers: readonly string[]): Promise<void> {
  if (path === '/' || existsSync(join(mountPoint, path))) return
  await makeSplit(mountPoint, dirname(path), controllers)
  await mkdir(join(mountPoint, path))
  if (!controllers.includes('cpuset')) return
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const above = await readFile(join(mountPoint, dirname(path), file), 'utf8')
    await writeFile(join(mountPoint, path, file), above)
  }
}
