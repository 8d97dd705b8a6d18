import type { Command } from '../command.ts'
import { toleratedClientFlags, tolerate, toleratedLogFlags } from '../components/common.ts'
import { dnsFlags } from '../components/dns-flags.ts'
import { componentCommand, remoteSettings } from '../components/remote.ts'

export const dnsCommand: Command = componentCommand({
  name: 'dns',
  about: 'Runs the cluster DNS by itself.',
  flags: dnsFlags,
  tolerated: tolerate(toleratedLogFlags, toleratedClientFlags),
  async run(flags, signal) {
    const { runDns } = await import('../load/dns.ts')
    await runDns(
      {
        ...remoteSettings(flags),
        domain: flags['cluster-domain'],
        addresses: flags['bind-address'],
        port: flags.port,
        upstreams: flags.upstream,
        resolverFile: flags['resolv-conf'],
        ttl: flags.ttl,
      },
      signal,
    )
  },
})
