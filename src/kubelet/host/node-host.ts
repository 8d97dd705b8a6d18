import { mkdir, realpath } from 'node:fs/promises'
import type { NodeHost } from '#kubelet'
import { createPodCgroups } from './cgroups/manager.ts'
import { createProcessCgroups } from './cgroups/processes.ts'
import type { CgroupDriver } from './cgroups/names.ts'
import { createNodeFacts } from './facts/machine.ts'
import { createDevicePlugins } from './devices/plugins.ts'
import { createDraPlugins } from './dra/plugins.ts'
import { createCheckpoints } from './files/checkpoints.ts'
import { createKernelLog } from './kernel-log/kernel-log.ts'
import { createManifests } from './files/manifests.ts'
import { createPodFiles } from './files/pod-files.ts'
import { createMeasures } from './measures/measures.ts'
import { createProbeNetwork } from './network/probe-network.ts'
import { createPluginRegistry } from './plugins/registry.ts'
import { createLogind } from './shutdown/logind.ts'
import { createVolumeFiles } from './volumes/volume-files.ts'

export interface NodeHostOptions {
  /** Folder of all that the agent keeps: `/var/lib/kubelet`. Nodes that share a machine have one each. */
  readonly root: string
  /** Logs of all pods: `/var/log/pods`. */
  readonly podLogs: string
  /** Where log collectors look: `/var/log/containers`. */
  readonly containerLogs: string
  /** The node's resolver file; empty for none. */
  readonly resolverFile: string
  readonly cgroupDriver: CgroupDriver
  /** Path of the cgroup that the node's pods lie in: `/`, or one for each node that shares a machine. */
  readonly cgroupRoot: string
  /** Addresses of the node; found by itself when there are none. */
  readonly nodeIPs?: readonly string[]
}

/** This machine as a node: its files, cgroups, mounts and network, in the namespaces that this process lives in. */
export async function createNodeHost(options: NodeHostOptions): Promise<NodeHost> {
  await mkdir(options.root, { recursive: true, mode: 0o750 })
  // The kernel tells mount points without symbolic links.
  const root = await realpath(options.root)
  return {
    files: createPodFiles({ ...options, root }),
    cgroups: createPodCgroups({ driver: options.cgroupDriver, root: options.cgroupRoot }),
    processes: createProcessCgroups(),
    network: createProbeNetwork(),
    facts: createNodeFacts({ root, nodeIPs: options.nodeIPs ?? [] }),
    volumes: createVolumeFiles(root),
    measures: createMeasures(),
    manifests: createManifests(),
    kernelLog: createKernelLog(),
    shutdowns: createLogind(),
    checkpoints: createCheckpoints(root),
    devicePlugins: createDevicePlugins(`${root}/device-plugins`),
    draPlugins: createDraPlugins(),
    plugins: createPluginRegistry(`${root}/plugins_registry`),
  }
}
