import type { LeaderSettings, RemoteSettings, ServingSettings } from '#cluster'
import { usageError } from '#cluster'
import type { Command } from '../command.ts'
import { flagCommand } from '../flag-command.ts'
import type { FlagCommand } from '../flag-command.ts'
import type { FlagSet } from '../flags/flag.ts'
import { logSettings } from './common.ts'
import type { ClientFlags, ComponentServingFlags, LeaderElectionFlags, LogFlags } from './common.ts'

export interface ComponentCommand<F extends object> extends Omit<FlagCommand<F>, 'run'> {
  /** @param given names of the flags that were given. */
  readonly run: (flags: F, signal: AbortSignal, given: ReadonlySet<string>) => Promise<void>
}

/** A command that runs one part of a cluster until it is interrupted. */
export const componentCommand = <F extends object>({ run, ...command }: ComponentCommand<F>): Command =>
  flagCommand({
    ...command,
    async run({ values, given }, { signal }) {
      await run(values, signal, given)
      return 0
    },
  })

/** How the API server is reached. */
export function remoteSettings(flags: Pick<ClientFlags, 'kubeconfig' | 'master'> & LogFlags): RemoteSettings {
  const { kubeconfig, master } = flags
  return {
    ...logSettings(flags),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(master === undefined ? {} : { server: master }),
  }
}

/** Where health, metrics and configuration are told. */
export function servingSettings(flags: ComponentServingFlags): { readonly serving: ServingSettings } {
  const [certificateFile, keyFile] = [flags['tls-cert-file'], flags['tls-private-key-file']]
  if ((certificateFile === undefined) !== (keyFile === undefined)) {
    throw usageError('--tls-cert-file and --tls-private-key-file go together: give both')
  }
  const clientCaFile = flags['client-ca-file']
  return {
    serving: {
      bindAddress: flags['bind-address'],
      port: flags['secure-port'],
      openPaths: flags['authorization-always-allow-paths'],
      ...(certificateFile === undefined || keyFile === undefined ? {} : { certificate: { certificateFile, keyFile } }),
      ...(clientCaFile === undefined ? {} : { clientCaFile }),
    },
  }
}

/** Flags that were given, as `/flagz` tells them. */
export function flagsGiven<F extends object>(
  flags: FlagSet<F>,
  values: F,
  given: ReadonlySet<string>,
): { readonly [name: string]: string } {
  const known = flags as FlagSet<{ [name: string]: unknown }>
  const shown = (name: string, value: unknown): string =>
    known[name]?.show?.(value) ?? (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => given.has(name))
      .map(([name, value]) => [name, shown(name, value)]),
  )
}

/** How the leader is found among several instances. */
export function leaderSettings(flags: LeaderElectionFlags): { readonly leader?: LeaderSettings } {
  if (!flags['leader-elect']) return {}
  return {
    leader: {
      namespace: flags['leader-elect-resource-namespace'],
      name: flags['leader-elect-resource-name'],
      leaseDurationMs: flags['leader-elect-lease-duration'],
      renewDeadlineMs: flags['leader-elect-renew-deadline'],
      retryPeriodMs: flags['leader-elect-retry-period'],
    },
  }
}
