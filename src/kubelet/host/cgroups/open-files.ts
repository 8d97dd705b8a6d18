import { readdir, readFile, readlink } from 'node:fs/promises'
import type { OpenFiles } from '#kubelet'

/** What processes have open; those that have ended meanwhile have nothing. */
export async function openFiles(pids: readonly number[]): Promise<OpenFiles> {
  const [first] = pids
  const [counts, most] = await Promise.all([
    Promise.all(pids.map(openIn)),
    first === undefined ? undefined : softLimit(first).catch(() => undefined),
  ])
  return {
    descriptors: counts.reduce((sum, { descriptors }) => sum + descriptors, 0),
    sockets: counts.reduce((sum, { sockets }) => sum + sockets, 0),
    ...(most === undefined ? {} : { most }),
  }
}

async function openIn(pid: number): Promise<{ readonly descriptors: number; readonly sockets: number }> {
  const folder = `/proc/${pid}/fd`
  const names = await readdir(folder).catch(() => [])
  const targets = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')))
  return { descriptors: names.length, sockets: targets.filter((target) => target.startsWith('socket')).length }
}

async function softLimit(pid: number): Promise<number | undefined> {
  const soft = /^Max open files +(\S+)/m.exec(await readFile(`/proc/${pid}/limits`, 'utf8'))?.[1]
  return soft === 'unlimited' ? -1 : soft === undefined ? undefined : Number(soft)
}
