import { hostname } from 'node:os'
import type { ProxySettings } from '#cluster'
import type { Command } from '../command.ts'
import { proxyFlags, toleratedProxyFlags } from '../components/proxy-flags.ts'
import type { ProxyFlags } from '../components/proxy-flags.ts'
import { componentCommand, remoteSettings } from '../components/remote.ts'

export const proxyCommand: Command = componentCommand({
  name: 'proxy',
  about: 'Runs the service proxy of a node by itself, and its network policies.',
  flags: proxyFlags,
  tolerated: toleratedProxyFlags,
  async run(flags, signal, given) {
    const { runProxy } = await import('../load/proxy.ts')
    const { config } = flags
    const usual = settingsOf(flags)
    await runProxy(
      {
        usual,
        given: Object.fromEntries(
          Object.entries(settingFlags).flatMap(([flag, setting]) =>
            given.has(flag) ? [[setting, usual[setting]]] : [],
          ),
        ),
        ...(config === undefined ? {} : { configFile: config }),
      },
      signal,
    )
  },
})

/** Flags that go before what the file says, by the setting's name. */
const settingFlags = {
  kubeconfig: 'kubeconfig',
  'hostname-override': 'nodeName',
  'cluster-cidr': 'clusterBlocks',
  'masquerade-all': 'masqueradeAll',
  'nodeport-addresses': 'nodePortAddresses',
  'healthz-bind-address': 'healthAddress',
  'metrics-bind-address': 'metricsAddress',
} as const satisfies { readonly [flag in keyof ProxyFlags]?: keyof ProxySettings }

const settingsOf = (flags: ProxyFlags): ProxySettings => ({
  ...remoteSettings(flags),
  nodeName: flags['hostname-override'] ?? hostname().toLowerCase(),
  clusterBlocks: flags['cluster-cidr'],
  masqueradeAll: flags['masquerade-all'],
  nodePortAddresses: flags['nodeport-addresses'],
  healthAddress: flags['healthz-bind-address'],
  metricsAddress: flags['metrics-bind-address'],
})
