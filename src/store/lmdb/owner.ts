import { randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import { readdir, rename, stat, unlink } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StoreOpenError } from './errors.ts'

/** Longest path of a socket where it is shortest, less the suffix that it has at first. */
const longestSocketPath = 103 - '.new'.length

/** Tries of those who begin at the same moment and see each other. */
const attempts = 5

/** The right to a directory; it ends with `release`, or with the process. */
export interface Ownership {
  release(): Promise<void>
}

/**
 * Makes this process the only one that has a directory open.
 *
 * An owner listens on a socket in the directory: the kernel closes it when the process dies, whatever way, and it answers
 * across containers and network namespaces, where process ids mean nothing. Whoever wants the directory listens first and
 * looks for others then. So of two at the same moment at least one sees the other: nobody gets in beside an owner, and
 * those who only met each other try again.
 *
 * @throws StoreOpenError `StoreInUse`
 */
export async function own(directory: string): Promise<Ownership> {
  for (let attempt = 1; ; attempt++) {
    const ownership = await tryToOwn(directory)
    if (ownership) return ownership
    if (attempt === attempts) throw inUse(directory)
    await sleep(10 + Math.random() * 50 * attempt)
  }
}

/** Sees to it that no process has a directory open, which need not exist. @throws StoreOpenError `StoreInUse` */
export async function checkNotInUse(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined)
  if (!found) return
  for (const place of [placeIn(directory), placeElsewhere(found)]) if (await hasOwner(place)) throw inUse(directory)
}

const inUse = (directory: string): StoreOpenError =>
  new StoreOpenError(
    'StoreInUse',
    directory,
    `the store in "${directory}" is in use by another process, stop that one first`,
  )

async function tryToOwn(directory: string): Promise<Ownership | undefined> {
  const id = randomBytes(8).toString('hex')
  let place = placeIn(directory)
  let server = await listen(socketPath(place, id)).catch(() => undefined)
  if (!server) {
    // The path is too long for a socket, or the file system has none: then under a name that tells which directory.
    place = placeElsewhere(await stat(directory))
    server = await listen(socketPath(place, id))
  }
  const release = async (): Promise<void> => {
    await unlink(socketPath(place, id)).catch(() => undefined)
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  if (await hasOwner(place, socketPath(place, id))) {
    await release()
    return undefined
  }
  return { release }
}

interface Place {
  readonly folder: string
  readonly prefix: string
}

const placeIn = (directory: string): Place => ({ folder: directory, prefix: 'owner.' })

const placeElsewhere = ({ dev, ino }: Stats): Place => ({ folder: tmpdir(), prefix: `k8ts-store-${dev}-${ino}.` })

function socketPath({ folder, prefix }: Place, id: string): string {
  return join(folder, `${prefix}${id}.sock`)
}

/**
 * Listens on a socket whose name appears when it answers, not before: until then others would take it for one that a dead
 * process left.
 */
async function listen(path: string): Promise<Server> {
  if (path.length > longestSocketPath) throw new Error(`the path of the socket "${path}" is too long`)
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(`${path}.new`, resolve)
  })
  server.unref()
  await rename(`${path}.new`, path)
  return server
}

/** Whether another live process has the place; removes the sockets of dead ones. */
async function hasOwner({ folder, prefix }: Place, own?: string): Promise<boolean> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if (!name.startsWith(prefix) || !name.endsWith('.sock') || path === own) continue
    if (await answers(path)) return true
    await unlink(path).catch(() => undefined)
  }
  return false
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT')
    })
  })
}
