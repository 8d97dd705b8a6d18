import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Pod, PodList } from '#api/core/v1'
import { createCriRuntime } from '#kubelet/cri'
import { runCommand } from '#network'
import type { E2eCluster } from './cluster.ts'

/** Compares what a node of a cluster holds of pods with the pods that the API binds to it. @returns what is too much or too little, in words. */
export async function nodeDifferences(cluster: E2eCluster, node: string): Promise<string[]> {
  const { items } = await cluster.get<PodList>(`pods -A --field-selector=spec.nodeName=${node}`)
  const known = new Set(items.map(uidOf))
  const alive = items.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed')
  const living = new Set(alive.map(uidOf))
  const networked = alive.filter(({ spec }) => spec.hostNetwork !== true).length
  const { folder, run } = foldersOf(cluster, node)
  const runtime = createCriRuntime({ endpoint: `unix://${run}/containerd/containerd.sock` })
  try {
    const [sandboxes, containers] = await Promise.all([runtime.listPodSandboxes(), runtime.listContainers()])
    const ready = sandboxes.filter(({ state }) => state === 'ready')
    const links = await runCommand([
      'nsenter',
      `--net=/run/k8ts/${cluster.name}/network/netns/node-${node}`,
      'ip',
      '-o',
      'link',
    ])
    return [
      ...unequal(
        'sandboxes that run',
        ready.map(({ metadata }) => metadata.uid),
        living,
      ),
      ...beyond(
        'sandbox',
        sandboxes.map(({ metadata }) => metadata.uid),
        known,
      ),
      ...beyond(
        'container',
        containers.map(({ labels }) => labels['io.kubernetes.pod.uid'] ?? '?'),
        known,
      ),
      ...unequal('cgroups', cgroupsOf(cluster.name, node), living),
      ...beyond('mount', mountsOf(folder), living),
      ...beyond('folder', folders(join(folder, 'kubelet/pods')), known),
      ...beyond(
        'log folder',
        folders(join(folder, 'pod-logs')).map((name) => name.split('_').at(-1) ?? ''),
        known,
      ),
      ...count('shims', shimsOf(`${run}/containerd/containerd.sock`), ready.length),
      ...count('network namespaces', files(join(run, 'containerd/io.containerd.grpc.v1.cri/netns')).length, networked),
      ...count('addresses', addressesOf(join(run, 'addresses')), networked),
      ...count('links', links.split('\n').filter((line) => /\bveth/.test(line)).length, networked),
    ]
  } finally {
    runtime.close()
  }
}

const uidOf = ({ metadata }: Pod): string => metadata.uid ?? ''

function foldersOf(cluster: E2eCluster, node: string): { readonly folder: string; readonly run: string } {
  return { folder: join(cluster.dataDir, 'nodes', node), run: `/run/k8ts/${cluster.name}/${node}` }
}

function count(what: string, found: number, wanted: number): string[] {
  return found === wanted ? [] : [`${found} ${what}, want ${wanted}`]
}

function beyond(what: string, uids: readonly string[], allowed: ReadonlySet<string>): string[] {
  return uids.filter((uid) => !allowed.has(uid)).map((uid) => `${what} of ${uid}, which is no pod of the node`)
}

/** One of each, no more and no less. */
function unequal(what: string, uids: readonly string[], wanted: ReadonlySet<string>): string[] {
  const missing = [...wanted].filter((uid) => !uids.includes(uid))
  return [...count(what, uids.length, wanted.size), ...missing.map((uid) => `no ${what} of ${uid}`)]
}

function cgroupsOf(cluster: string, node: string): string[] {
  const root = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup'].find((path) => existsSync(`${path}/k8ts`)) ?? ''
  const pods = `${root}/k8ts/${cluster}/${node}/kubepods`
  return [pods, `${pods}/burstable`, `${pods}/besteffort`]
    .flatMap(folders)
    .flatMap((name) => (name.startsWith('pod') ? [name.slice('pod'.length)] : []))
}

/** Uids of pods of whose folder something is mounted. */
function mountsOf(folder: string): string[] {
  const below = `${folder}/kubelet/pods/`
  const points = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
  return points.flatMap((line) => {
    const point = line.split(' ')[4] ?? ''
    return point.startsWith(below) ? [point.slice(below.length).split('/')[0] ?? ''] : []
  })
}

function shimsOf(socket: string): number {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return (words[0]?.includes('containerd-shim') ?? false) && words.includes(socket)
    } catch {
      return false
    }
  }).length
}

/** Addresses that the pod network has given away. */
function addressesOf(folder: string): number {
  return folders(folder)
    .flatMap((network) => files(join(folder, network)))
    .filter((name) => /^[\d.]+$/.test(name)).length
}

const folders = (path: string): string[] => entries(path, true)
const files = (path: string): string[] => entries(path, false)

function entries(path: string, areFolders: boolean): string[] {
  if (!existsSync(path)) return []
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() === areFolders)
    .map(({ name }) => name)
}
