import type { LeaderSettings, RemoteSettings, ServingSettings } from '#cluster'
import { usageError } from '#cluster'
import type { Command } from '../command.ts'
import { helpPage } from '../commands/help.ts'
import type { FlagSet } from '../flags/flag.ts'
import { parseFlags } from '../flags/parse.ts'
import type { ToleratedFlags } from '../flags/parse.ts'
import type { ClientFlags, ComponentServingFlags, LeaderElectionFlags, LogFlags } from './common.ts'

export interface ComponentCommand<F extends object> {
  /** `scheduler`. */
  readonly name: string
  /** What it does, for `--help`. */
  readonly about: string
  readonly flags: FlagSet<F>
  readonly tolerated: ToleratedFlags
  /** @param given names of the flags that were given. */
  readonly run: (flags: F, signal: AbortSignal, given: ReadonlySet<string>) => Promise<void>
}

/** A command that runs one part of a cluster until it is interrupted. */
export function componentCommand<F extends object>({
  name,
  about,
  flags,
  tolerated,
  run,
}: ComponentCommand<F>): Command {
  return {
    async run(parameters, terminal) {
      const { values, given, rest, help } = parseFlags(parameters, { command: `k8ts ${name}`, flags, tolerated })
      if (help) {
        terminal.print(helpPage(`${name} [flags]`, about, flags))
        return 0
      }
      if (rest.length > 0) {
        throw usageError(`k8ts ${name} takes no parameters, but ${JSON.stringify(rest[0])} was given`)
      }
      await run(values, terminal.signal, given)
      return 0
    },
  }
}

/** How the API server is reached. */
export function remoteSettings(flags: Pick<ClientFlags, 'kubeconfig' | 'master'> & LogFlags): RemoteSettings {
  const { kubeconfig, master } = flags
  return {
    logLevel: flags.v >= 4 ? 'debug' : 'info',
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
export const flagsGiven = (flags: object, given: ReadonlySet<string>): { readonly [name: string]: string } =>
  Object.fromEntries(
    Object.entries(flags)
      .filter(([name]) => given.has(name))
      .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  )

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
