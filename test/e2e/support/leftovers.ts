import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { runCommand } from '#network'
import type { Machine } from './machine.ts'

/** Everything on this machine that bears the name of a cluster: processes, mounts, cgroups, folders, links, rules and notes. */
export async function leftoversOf(name: string, machine: Machine): Promise<string[]> {
  const inside = (words: readonly string[]): Promise<string> =>
    runCommand(['nsenter', `--net=${machine.namespace}`, ...words])
  const links = (await inside(['ip', '-oneline', 'link', 'show']))
    .split('\n')
    .filter((line) => !/\blo:/.test(line) && line !== '')
  const tables = (await inside(['nft', 'list', 'tables'])).split('\n').filter((line) => line !== '')
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(`/${name}/`))
  const cgroups = ['/sys/fs/cgroup', ...folders('/sys/fs/cgroup').map((each) => `/sys/fs/cgroup/${each}`)]
    .map((root) => `${root}/k8ts/${name}`)
    .filter((path) => existsSync(path))
  return [
    ...processes(name).map((line) => `process ${line}`),
    ...mounts.map((line) => `mount ${line}`),
    ...cgroups.map((path) => `cgroup ${path}`),
    ...links.map((line) => `link ${line}`),
    ...tables.map((line) => `nft ${line}`),
    ...[`/run/k8ts/${name}`].filter((path) => existsSync(path)).map((path) => `folder ${path}`),
    ...networkResults(name).map((path) => `note ${path}`),
  ]
}

/** What libcni has noted of pods. */
function networkResults(name: string): string[] {
  const folder = '/var/lib/cni/results'
  return (existsSync(folder) ? readdirSync(folder) : [])
    .map((each) => `${folder}/${each}`)
    .filter((path) => readIfThere(path).includes(`/${name}/`))
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function processes(name: string): string[] {
  return pids().flatMap((pid) => {
    try {
      // Dead, and not yet seen off by the machine's first process.
      if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return []
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      const cgroup = readFileSync(`/proc/${pid}/cgroup`, 'utf8')
      const isOurs = words.some((word) => word.includes(`/${name}/`) || word === name) || cgroup.includes(`/${name}/`)
      return isOurs ? [`${pid} ${words.join(' ')}`] : []
    } catch {
      return []
    }
  })
}

/** Every process that runs in a container of a cluster, with the moment of its start: the same process, the same line. */
export function containerProcesses(name: string): string[] {
  return pids().flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(`/${name}/`)) return []
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim()
      if (words === '' || words.includes('containerd-shim') || words.includes('runc')) return []
      const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
      return [`${words} (process ${pid}, began ${fields.split(' ')[19]})`]
    } catch {
      return []
    }
  })
}

/** Every process of a cluster: server, agents, container runtimes, shims and what runs in containers. */
export function allPids(name: string): number[] {
  return processes(name).map((line) => Number.parseInt(line, 10))
}

/** The container runtimes of a cluster's nodes, or of one of them. */
export function runtimePids(name: string, node = ''): number[] {
  return processes(name).flatMap((line) => {
    const [, pid, words = ''] = /^(\d+) (.*)$/.exec(line) ?? []
    return words.includes(`containerd --config /run/k8ts/${name}/${node}`) ? [Number(pid)] : []
  })
}

/** By their names alone: a process may go while we look. */
const pids = (): string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name))

function folders(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
}
