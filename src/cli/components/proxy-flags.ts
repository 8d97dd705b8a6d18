import type { FlagSet } from '../flags/flag.ts'
import { blocks, choice, list, absentIfEmpty, text, toggle } from '../flags/kinds.ts'
import type { ToleratedFlags } from '../flags/parse.ts'
import { clientFlags, featureFlags, logFlags, toleratedClientFlags, tolerate, toleratedLogFlags } from './common.ts'
import { names } from './names.ts'
import type { ClientFlags, FeatureFlags, LogFlags } from './common.ts'

export interface ProxyFlags extends ClientFlags, FeatureFlags, LogFlags {
  readonly config: string | undefined
  readonly 'hostname-override': string | undefined
  readonly 'cluster-cidr': readonly string[]
  readonly 'proxy-mode': 'nftables'
  readonly 'masquerade-all': boolean
  readonly 'nodeport-addresses': readonly string[]
  readonly 'healthz-bind-address': string
  readonly 'metrics-bind-address': string
}

export const proxyFlags: FlagSet<ProxyFlags> = {
  config: absentIfEmpty('KubeProxyConfiguration; flags that are given go before it.', 'file'),
  ...clientFlags,
  'hostname-override': absentIfEmpty("Name of the node; the machine's when absent."),
  'cluster-cidr': blocks([], 'Addresses of pods: what comes from elsewhere is masqueraded.'),
  'proxy-mode': choice(['nftables'], 'nftables', 'How rules get into the kernel.'),
  'masquerade-all': toggle(false, 'Whether all traffic to Services is masqueraded.'),
  'nodeport-addresses': list([], 'Address blocks at which NodePorts are served; every address of the node when empty.'),
  'healthz-bind-address': text('0.0.0.0:10256', 'Where health is told; empty turns it off.', 'ip:port'),
  'metrics-bind-address': text('127.0.0.1:10249', 'Where metrics are told; empty turns it off.', 'ip:port'),
  ...featureFlags,
  ...logFlags,
}

export const toleratedProxyFlags: ToleratedFlags = tolerate(toleratedLogFlags, toleratedClientFlags, {
  toggles: names(`
    bind-address-hard-fail conntrack-tcp-be-liberal iptables-localhost-nodeports ipvs-strict-arp profiling
  `),
  values: names(`
    bind-address config-sync-period boot-id-file conntrack-max-per-core conntrack-min conntrack-tcp-timeout-close-wait
    conntrack-tcp-timeout-established conntrack-udp-timeout conntrack-udp-timeout-stream iptables-masquerade-bit
    iptables-min-sync-period iptables-sync-period ipvs-exclude-cidrs ipvs-min-sync-period ipvs-scheduler
    ipvs-sync-period ipvs-tcp-timeout ipvs-tcpfin-timeout ipvs-udp-timeout machine-id-file oom-score-adj
  `),
})
