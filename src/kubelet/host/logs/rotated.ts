import { createReadStream, createWriteStream } from 'node:fs'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

const compressed = '.gz'
const unfinished = '.tmp'

export async function logSize(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Logs that were set aside, the oldest first, with what an interrupted compression left. */
async function setAside(path: string): Promise<{ readonly logs: string[]; readonly debris: string[] }> {
  const folder = dirname(path)
  const prefix = `${basename(path)}.`
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(prefix)).sort()
  const has = new Set(names)
  const debris: string[] = []
  const logs: string[] = []
  for (const name of names) {
    const isDone = has.has(`${name}${compressed}`)
    if (name.endsWith(unfinished) || isDone) debris.push(join(folder, name))
    else logs.push(join(folder, name))
  }
  return { logs, debris }
}

export async function tidyLogs(path: string, keep: number): Promise<void> {
  const { logs, debris } = await setAside(path)
  const excess = logs.splice(0, Math.max(0, logs.length - keep))
  for (const file of [...debris, ...excess]) await rm(file, { force: true })
  for (const log of logs) if (!log.endsWith(compressed)) await compress(log)
}

async function compress(log: string): Promise<void> {
  const target = `${log}${compressed}${unfinished}`
  await pipeline(createReadStream(log), createGzip(), createWriteStream(target, { mode: 0o640 }))
  await rename(target, `${log}${compressed}`)
  await rm(log, { force: true })
}

export async function removeLog(path: string): Promise<void> {
  const { logs, debris } = await setAside(path)
  for (const file of [path, ...logs, ...debris]) await rm(file, { force: true })
}
