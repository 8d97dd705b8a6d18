import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { silentLogger } from '#base'
import { mountHugePages, startContainerd } from '#kubelet/host'
import type { Containerd, LowLevelRuntime } from '#kubelet/host'
import type { Programs } from '../../machine/programs.ts'
import type { Binaries } from '../binaries.ts'
import { restartMs } from './control-plane.ts'
import { kubeletFlags, proxyFlags } from './flags.ts'
import type { Site } from './site.ts'

/** What is there before a kubelet starts: configuration, its cgroup, the pod network. */
export async function prepareNode(site: Site): Promise<void> {
  const { layout, folder, node, pki } = site
  await mountHugePages(silentLogger)
  const place = layout.node(node.name)
  for (const path of [
    place.containerdRoot,
    place.containerdState,
    place.kubeletRoot,
    place.cniConfDir,
    place.podLogDir,
  ]) {
    await mkdir(path, { recursive: true, mode: 0o711 })
  }
  const cgroup = `/k8ts/${layout.name}/${node.name}`
  await makeCgroup(cgroup)
  const kubelet = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: pki('ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    cgroupDriver: 'cgroupfs',
    cgroupRoot: cgroup,
    failCgroupV1: false,
    failSwapOn: false,
    clusterDomain: 'cluster.local',
    clusterDNS: ['10.96.0.10'],
    containerRuntimeEndpoint: `unix://${place.containerdState}/containerd.sock`,
    podLogsDir: place.podLogDir,
    imageGCHighThresholdPercent: 97,
    imageGCLowThresholdPercent: 95,
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1Gi', 'imagefs.available': '1Gi' },
    tlsCertFile: pki(`nodes/${node.name}/kubelet.crt`),
    tlsPrivateKeyFile: pki(`nodes/${node.name}/kubelet.key`),
  }
  await writeFile(join(folder, 'kubelet.json'), JSON.stringify(kubelet))
  await writeFile(
    join(place.cniConfDir, '10-bench.conflist'),
    JSON.stringify(conflist(site.podBlock, place.podAddressDir)),
  )
  const wrapper = join(folder, 'containerd')
  await writeFile(wrapper, `#!/bin/sh\nexec nsenter --net=${node.namespace} -- containerd "$@"\n`)
  await chmod(wrapper, 0o755)
}

/** containerd, as ours has it. */
export async function startRuntime(
  programs: Programs,
  { layout, folder, node }: Site,
  lowLevelRuntime?: LowLevelRuntime,
): Promise<Containerd> {
  const place = layout.node(node.name)
  const containerd = await startContainerd({
    root: place.containerdRoot,
    state: place.containerdState,
    cniConfDir: place.cniConfDir,
    cniBinDir: ['/opt/cni/bin', '/usr/lib/cni'].find((path) => existsSync(join(path, 'host-local'))) ?? '/opt/cni/bin',
    cgroupDriver: 'cgroupfs',
    snapshotter: 'overlayfs',
    program: join(folder, 'containerd'),
    ...(lowLevelRuntime && { lowLevelRuntime }),
    logger: silentLogger,
  })
  programs.stopLater(() => containerd.stop())
  return containerd
}

/** kubelet and kube-proxy, in the node's network. */
export function startNode(programs: Programs, binaries: Binaries, site: Site): void {
  const { folder, node } = site
  const start = (name: string, flags: readonly string[]): void => {
    const inNetwork = ['nsenter', `--net=${node.namespace}`, '--'] as const
    const log = join(folder, `${name}.log`)
    programs.start(
      { name, log, command: [...inNetwork, binaries.find(name), ...flags], restartMs },
      { patienceMs: 3000 },
    )
  }
  start('kubelet', kubeletFlags(site))
  start('kube-proxy', proxyFlags(site))
}

/** The pod network of standard plugins, with the addresses that the first node gets. */
const conflist = (podBlock: string, dataDir: string): object => ({
  cniVersion: '1.0.0',
  name: 'bench',
  plugins: [
    {
      type: 'ptp',
      ipMasq: false,
      ipam: {
        type: 'host-local',
        dataDir,
        ranges: [[{ subnet: podBlock.replace('/16', '/24') }]],
        routes: [{ dst: '0.0.0.0/0' }],
      },
    },
  ],
})

/** In every hierarchy: a kubelet does not make the one that it is to stay below. */
async function makeCgroup(path: string): Promise<void> {
  const root = '/sys/fs/cgroup'
  const hierarchies = existsSync(join(root, 'cgroup.controllers'))
    ? [root]
    : (await readdir(root)).map((name) => join(root, name))
  for (const hierarchy of hierarchies) await mkdir(join(hierarchy, path), { recursive: true })
}
