import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** Whether nobody listens at a port of an address. */
export async function isPortFree(host: string, port: number): Promise<boolean> {
  return (await tryListen(host, port)) !== undefined
}

/** A port of an address that nobody listens at: `first`, or one of those after it, or any. */
export async function findFreePort(host: string, first: number, tries = 100): Promise<number> {
  for (let port = first; port < first + tries; port++) if (await isPortFree(host, port)) return port
  const port = await tryListen(host, 0)
  if (port === undefined) throw new Error(`find port: ${host} has none that is free`)
  return port
}

function tryListen(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ host, port, exclusive: true }, () => {
      const { port: taken } = server.address() as AddressInfo
      server.close(() => resolve(taken))
    })
  })
}

/** Who listens at a TCP port: name and number of the process; `undefined` when that is not to be found out. */
export function listenerAt(port: number): { readonly name: string; readonly pid: number } | undefined {
  try {
    const inodes = new Set([...listening('/proc/net/tcp', port), ...listening('/proc/net/tcp6', port)])
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (hasSocket(pid, inodes)) {
        return { name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim(), pid: Number(pid) }
      }
    }
  } catch {
    // Not ours to see.
  }
  return undefined
}

/** Inodes of sockets that listen at a port (state 0A). */
function listening(file: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => state === '0A' && local.endsWith(suffix))
    .map((fields) => `socket:[${fields[9]}]`)
}

function hasSocket(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => {
      try {
        return inodes.has(readlinkSync(`/proc/${pid}/fd/${descriptor}`))
      } catch {
        return false
      }
    })
  } catch {
    return false
  }
}
