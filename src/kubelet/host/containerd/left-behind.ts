import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { ContainerRuntime } from '#kubelet'
import { unmountAll } from '../files/mounts.ts'
import { signalProcess } from '../processes.ts'

export interface LeftBehindOptions {
  /** Folder of containerd's running state. */
  readonly state: string
  readonly socket: string
  /** Folder in which the pod network notes addresses by sandbox. */
  readonly podAddresses?: string
  readonly runtime: Pick<ContainerRuntime, 'listPodSandboxes'>
}

/** What nobody uses, by name, with how it is taken away. */
export type LeftBehind = ReadonlyMap<string, () => Promise<void>>

/**
 * Finds what a containerd that was killed while it made or removed a sandbox has left and does not know any more: shims
 * without containers, network namespaces without processes, addresses of no sandbox. What is just being made looks alike:
 * only what is found twice, with time in between, is left behind.
 */
export async function findLeftBehind(options: LeftBehindOptions): Promise<LeftBehind> {
  const { state, socket, podAddresses } = options
  const sandboxes = await options.runtime.listPodSandboxes()
  const known = new Set(sandboxes.map(({ id }) => id))
  const ready = new Set(sandboxes.filter((each) => each.state === 'ready').map(({ id }) => id))
  const processes = await readProcesses()
  const found = new Map<string, () => Promise<void>>()
  for (const { pid, words } of processes) {
    const id = shimOf(words, socket)
    if (id === undefined || ready.has(id)) continue
    const children = processes.filter(({ parent }) => parent === pid).map((child) => child.pid)
    // A sandbox that is known is ended by its pod.
    if (children.length > 0 && known.has(id)) continue
    const bundle = join(state, 'io.containerd.runtime.v2.task', 'k8s.io', id)
    found.set(`shim ${pid}`, () => removeShim([...children, pid], bundle))
  }
  const inUse = new Set(processes.map(({ network }) => network))
  for (const path of filesIn(join(state, 'io.containerd.grpc.v1.cri', 'netns'))) {
    if (!inUse.has(`net:[${statSync(path).ino}]`)) found.set(path, () => removeNamespace(path))
  }
  for (const folder of podAddresses === undefined ? [] : foldersIn(podAddresses)) {
    for (const path of filesIn(folder).filter((file) => /\/[\da-f.:]+$/.test(file))) {
      const [owner = ''] = readFileSync(path, 'utf8').split(/\r?\n/)
      if (!known.has(owner)) found.set(`${path} of ${owner}`, () => rm(path, { force: true }))
    }
  }
  return found
}

interface Process {
  readonly pid: number
  readonly parent: number
  /** Program and parameters, of shims only: to read those of a process, the kernel has to stop it from changing. */
  readonly words: readonly string[]
  /** Network namespace: `net:[4026531840]`. */
  readonly network: string
}

/** Processes that are read in one go; others have their turn before the next ones. */
const processesAtOnce = 16

async function readProcesses(): Promise<Process[]> {
  const found: Process[] = []
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  for (const [index, pid] of pids.entries()) {
    if (index % processesAtOnce === 0) await setImmediate()
    const process = readProcess(pid)
    if (process) found.push(process)
  }
  return found
}

/** @returns `undefined` when it has ended. */
function readProcess(pid: string): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Its name may hold parentheses and blanks.
    const end = stat.lastIndexOf(') ')
    const isShim = stat.slice(0, end).endsWith(`(${shimName}`)
    const words = isShim ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0') : []
    const parent = Number(stat.slice(end + 2).split(' ')[1])
    return { pid: Number(pid), parent, words, network: readlinkSync(`/proc/${pid}/ns/net`) }
  } catch {
    return undefined
  }
}

/** Of `containerd-shim-runc-v2` and its like, as the kernel has it: 15 bytes of it. */
const shimName = 'containerd-shim'

/** Id of what a shim of this containerd was started for. */
function shimOf(words: readonly string[], socket: string): string | undefined {
  if (!words.includes(socket)) return undefined
  const id = words[words.indexOf('-id') + 1]
  return id !== undefined && /^[\da-f]{64}$/.test(id) ? id : undefined
}

async function removeShim(pids: readonly number[], bundle: string): Promise<void> {
  for (const pid of pids) signalProcess(pid, 'SIGKILL')
  await unmountAll(bundle)
  // Containerd may be at it, too.
  await rm(bundle, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}

async function removeNamespace(path: string): Promise<void> {
  await unmountAll(path)
  await rm(path, { force: true })
}

const filesIn = (folder: string): string[] => entriesOf(folder, false)
const foldersIn = (folder: string): string[] => entriesOf(folder, true)

function entriesOf(folder: string, areFolders: boolean): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() === areFolders)
      .map(({ name }) => join(folder, name))
  } catch {
    return []
  }
}
