import { hostname } from 'node:os'
import type { Command } from '../command.ts'
import { proxyFlags, toleratedProxyFlags } from '../components/proxy-flags.ts'
import { componentCommand, remoteSettings } from '../components/remote.ts'

export const proxyCommand: Command = componentCommand({
  name: 'proxy',
  about: 'Runs the service proxy of a node by itself, and its network policies.',
  flags: proxyFlags,
  tolerated: toleratedProxyFlags,
  async run(flags, signal) {
    const { runProxy } = await import('../load/proxy.ts')
    await runProxy(
      {
        ...remoteSettings(flags),
        nodeName: flags['hostname-override'] ?? hostname().toLowerCase(),
        clusterBlocks: flags['cluster-cidr'],
        masqueradeAll: flags['masquerade-all'],
        nodePortAddresses: flags['nodeport-addresses'],
        healthAddress: flags['healthz-bind-address'],
      },
      signal,
    )
  },
})
