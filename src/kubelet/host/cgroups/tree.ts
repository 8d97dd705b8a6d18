import type { Dirent } from 'node:fs'
import { readdir, readFile, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { signalProcess } from '../processes.ts'

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Tries to remove a busy cgroup: the kernel frees one a moment after its last process has ended. */
const tries = 60
const firstPauseMs = 2
const longestPauseMs = 100

/** Cgroups at and below one, the deepest first. */
async function cgroupsBelow(path: string): Promise<string[]> {
  let entries: Awaited<ReturnType<typeof entriesOf>>
  try {
    entries = await entriesOf(path)
  } catch {
    return []
  }
  const below: string[] = []
  for (const entry of entries) if (entry.isDirectory()) below.push(...(await cgroupsBelow(join(path, entry.name))))
  return [...below, path]
}

const entriesOf = (path: string): Promise<Dirent[]> => readdir(path, { withFileTypes: true })

/** Processes in a cgroup and below. */
export async function processesBelow(path: string): Promise<number[]> {
  const found: number[] = []
  for (const cgroup of await cgroupsBelow(path)) {
    const text = await readFile(join(cgroup, 'cgroup.procs'), 'utf8').catch(() => '')
    for (const line of text.split('\n')) if (line !== '') found.push(Number(line))
  }
  return found
}

/** Kills every process in a cgroup and removes it with all below. @throws Error when it stays busy. */
export async function removeCgroup(path: string): Promise<void> {
  let wait = firstPauseMs
  for (let attempt = 0; ; attempt++) {
    for (const pid of await processesBelow(path)) signalProcess(pid, 'SIGKILL')
    if (await removeEmpty(path)) return
    if (attempt === tries) throw new Error(`remove cgroup ${path}: it is still busy`)
    await pause(wait)
    wait = Math.min(longestPauseMs, wait * 2)
  }
}

async function removeEmpty(path: string): Promise<boolean> {
  for (const cgroup of await cgroupsBelow(path)) {
    try {
      await rmdir(cgroup)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return false
    }
  }
  return true
}
