import { usageError } from '#cluster'
import type { ControllerManagerSettings } from '#cluster'
import type { Command } from '../command.ts'
import { controllerManagerFlags, toleratedControllerManagerFlags } from '../components/controller-manager-flags.ts'
import type { ControllerManagerFlags } from '../components/controller-manager-flags.ts'
import { componentCommand, flagsGiven, leaderSettings, remoteSettings, servingSettings } from '../components/remote.ts'

export const controllerManagerCommand: Command = componentCommand({
  name: 'controller-manager',
  about: 'Runs the controllers by themselves.',
  flags: controllerManagerFlags,
  tolerated: toleratedControllerManagerFlags,
  async run(flags, signal, given) {
    const { runControllerManager } = await import('../load/controller-manager.ts')
    await runControllerManager(
      { ...controllerManagerSettings(flags), flags: flagsGiven(controllerManagerFlags, flags, given) },
      signal,
    )
  },
})

/** What the controllers are told. @throws UserError */
export function controllerManagerSettings(flags: ControllerManagerFlags): ControllerManagerSettings {
  const rootCaFile = flags['root-ca-file']
  const serviceAccountKeyFile = flags['service-account-private-key-file']
  const signing = signingOf(flags)
  return {
    ...remoteSettings(flags),
    ...leaderSettings(flags),
    ...servingSettings(flags),
    controllers: flags.controllers,
    useServiceAccounts: flags['use-service-account-credentials'],
    ...(rootCaFile === undefined ? {} : { rootCaFile }),
    ...(serviceAccountKeyFile === undefined ? {} : { serviceAccountKeyFile }),
    ...(signing ? { signing } : {}),
    options: {
      certificateLifetimeMs: flags['cluster-signing-duration'],
      concurrency: {
        deployments: flags['concurrent-deployment-syncs'],
        replicaSets: flags['concurrent-replicaset-syncs'],
        garbageCollector: flags['concurrent-gc-syncs'],
        namespaces: flags['concurrent-namespace-syncs'],
      },
      ...(flags['allocate-node-cidrs'] ? { clusterCIDRs: flags['cluster-cidr'] } : {}),
      serviceCIDRs: flags['service-cluster-ip-range'],
      nodeCIDRMaskSizes: maskSizes(flags),
      nodeHealth: {
        monitorPeriodMs: flags['node-monitor-period'],
        monitorGraceMs: flags['node-monitor-grace-period'],
        startupGraceMs: flags['node-startup-grace-period'],
        rates: {
          rate: flags['node-eviction-rate'],
          secondaryRate: flags['secondary-node-eviction-rate'],
          unhealthyShare: flags['unhealthy-zone-threshold'],
          largeZone: flags['large-cluster-size-threshold'],
        },
      },
      terminatedPodThreshold: flags['terminated-pod-gc-threshold'],
    },
  }
}

function signingOf(flags: ControllerManagerFlags): ControllerManagerSettings['signing'] {
  const [certificateFile, keyFile] = [flags['cluster-signing-cert-file'], flags['cluster-signing-key-file']]
  if (certificateFile === undefined && keyFile === undefined) return undefined
  if (certificateFile === undefined || keyFile === undefined) {
    throw usageError('--cluster-signing-cert-file and --cluster-signing-key-file go together: give both')
  }
  return { certificateFile, keyFile }
}

/** `--node-cidr-mask-size` is for clusters of one family, whichever that is. */
function maskSizes(flags: ControllerManagerFlags): { readonly IPv4: number; readonly IPv6: number } {
  const one = flags['node-cidr-mask-size']
  if (one > 0) return { IPv4: one, IPv6: one }
  return { IPv4: flags['node-cidr-mask-size-ipv4'], IPv6: flags['node-cidr-mask-size-ipv6'] }
}
