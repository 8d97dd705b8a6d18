import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** Programs that start containers; a RuntimeClass may name each that is installed as its handler. */
export type LowLevelRuntime = 'runc' | 'crun'

/** What decides who starts the containers of pods that name nobody. */
export interface RuntimeFacts {
  /** What `crun --version` says; absent where it is not installed. */
  readonly crun?: string
  /** What `containerd --version` says. */
  readonly containerd?: string
  /** Controllers that cgroups v2 have beside v1, separated by blanks. */
  readonly controllersBesideV1: string
}

type Version = readonly [major: number, minor: number, patch: number]

/** Oldest crun that was tried as the one for all pods. */
const oldestCrun: Version = [1, 8, 1]
/** Older ones refuse containers that are described by a specification later than 1.0. */
const anySpecification: Version = [1, 14, 2]
/** From here on containerd describes containers by a later one. */
const laterSpecification: Version = [1, 7, 0]

/** crun, which starts containers faster than runc, where it can start all of them; runc elsewhere. */
export function preferredRuntime({ crun, containerd, controllersBesideV1 }: RuntimeFacts): LowLevelRuntime {
  const version = versionIn(crun)
  if (version === undefined || isBefore(version, oldestCrun)) return 'runc'
  // It refuses all of its containers on such machines.
  if (controllersBesideV1.trim() !== '') return 'runc'
  if (!isBefore(version, anySpecification)) return 'crun'
  const user = versionIn(containerd)
  return user !== undefined && isBefore(user, laterSpecification) ? 'crun' : 'runc'
}

function versionIn(text = ''): Version | undefined {
  const found = /\bv?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text)
  return found ? [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)] : undefined
}

function isBefore(version: Version, other: Version): boolean {
  const index = version.findIndex((part, i) => part !== other[i])
  return index >= 0 && version[index]! < other[index]!
}

/** Reads what decides, for a containerd that is started as `program`. */
export async function readRuntimeFacts(program: string): Promise<RuntimeFacts> {
  const controllersBesideV1 = await readFile('/sys/fs/cgroup/unified/cgroup.controllers', 'utf8').catch(() => '')
  if (!isInstalled('crun')) return { controllersBesideV1 }
  const [crun, containerd] = await Promise.all([versionOf('crun'), versionOf(program)])
  return { ...(crun !== undefined && { crun }), ...(containerd !== undefined && { containerd }), controllersBesideV1 }
}

const patienceMs = 10_000

async function versionOf(program: string): Promise<string | undefined> {
  try {
    return (await promisify(execFile)(program, ['--version'], { timeout: patienceMs })).stdout
  } catch {
    return undefined
  }
}

export function isInstalled(program: string): boolean {
  return ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin'].some((folder) =>
    existsSync(`${folder}/${program}`),
  )
}
