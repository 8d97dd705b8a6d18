import { existsSync } from 'node:fs'

/** Something of the system that a node asks for. */
export interface Requirement {
  /** A program on the path, or a file by its whole path; of several files one is enough. */
  readonly find: string | readonly string[]
  /** Debian package that brings it. */
  readonly debianPackage: string
  readonly why: string
}

/** What a node with real containers needs. */
export const nodeRequirements: readonly Requirement[] = [
  { find: 'containerd', debianPackage: 'containerd', why: 'pulls images and runs containers' },
  { find: 'runc', debianPackage: 'runc', why: 'starts the processes of containers' },
  {
    find: ['/opt/cni/bin/bridge', '/usr/lib/cni/bridge', '/usr/libexec/cni/bridge'],
    debianPackage: 'containernetworking-plugins',
    why: 'connects pods to the network',
  },
  { find: 'nft', debianPackage: 'nftables', why: 'carries the rules of Services' },
  { find: 'ip', debianPackage: 'iproute2', why: 'sets up the networks of nodes' },
  { find: 'conntrack', debianPackage: 'conntrack', why: 'forgets connections to pods that are gone' },
  { find: 'mount', debianPackage: 'mount', why: 'mounts volumes' },
  { find: 'nsenter', debianPackage: 'util-linux', why: 'enters the namespaces of nodes and pods' },
]

/** What nodes with real containers are better with, and do without. */
export const nodeExtras: readonly Requirement[] = [
  { find: 'crun', debianPackage: 'crun', why: 'starts containers faster than runc, where it can' },
]

/** What serving Ingresses takes beyond that. */
export const ingressRequirements: readonly Requirement[] = [
  { find: 'haproxy', debianPackage: 'haproxy', why: 'passes on what comes in for Ingresses' },
]

/** Where programs may lie although the path does not say so. */
const usualFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** The requirements that are not met. */
export function missingRequirements(
  requirements: readonly Requirement[] = nodeRequirements,
  path: string = process.env['PATH'] ?? '',
  exists: (file: string) => boolean = existsSync,
): Requirement[] {
  const folders = [...new Set([...path.split(':').filter((folder) => folder !== ''), ...usualFolders])]
  return requirements.filter(({ find }) =>
    typeof find === 'string' ? !folders.some((folder) => exists(`${folder}/${find}`)) : !find.some(exists),
  )
}
