import { durationMillis } from '#machinery'
import { ConfigError, readSchedulerConfiguration } from '#scheduler'
import { parse } from 'yaml'
import { readText } from '../host/read-text.ts'
import { UserError } from '../user-error.ts'
import type { LeaderSettings } from './leading.ts'

type SchedulerConfig = ReturnType<typeof readSchedulerConfiguration>

/** What a KubeSchedulerConfiguration says. */
export interface SchedulerConfiguration {
  readonly scheduling: SchedulerConfig
  /** The document itself, for `/configz`. */
  readonly document: object
  /** `clientConnection.kubeconfig`. */
  readonly kubeconfig?: string
  /** `leaderElection`: off, or what it says of the lease. */
  readonly leader?: false | Partial<LeaderSettings>
}

interface Document {
  readonly clientConnection?: { readonly kubeconfig?: string }
  readonly leaderElection?: {
    readonly leaderElect?: boolean
    readonly leaseDuration?: string
    readonly renewDeadline?: string
    readonly retryPeriod?: string
    readonly resourceName?: string
    readonly resourceNamespace?: string
  }
}

/** @throws UserError */
export function readSchedulerConfigurationFile(file: string): SchedulerConfiguration {
  try {
    const document = parse(readText(file)) as Document
    const scheduling = readSchedulerConfiguration(document)
    const { clientConnection: { kubeconfig = '' } = {}, leaderElection } = document
    return {
      scheduling,
      document,
      ...(kubeconfig === '' ? {} : { kubeconfig }),
      ...(leaderElection ? { leader: leaderOf(leaderElection) } : {}),
    }
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    const why = cause instanceof ConfigError ? cause.message : (cause as Error).message
    throw new UserError(`${file}: ${why}: put it right`, { cause })
  }
}

function leaderOf(election: NonNullable<Document['leaderElection']>): false | Partial<LeaderSettings> {
  const { leaderElect = true, leaseDuration, renewDeadline, retryPeriod, resourceName, resourceNamespace } = election
  if (!leaderElect) return false
  return {
    ...(leaseDuration === undefined ? {} : { leaseDurationMs: durationMillis(leaseDuration) }),
    ...(renewDeadline === undefined ? {} : { renewDeadlineMs: durationMillis(renewDeadline) }),
    ...(retryPeriod === undefined ? {} : { retryPeriodMs: durationMillis(retryPeriod) }),
    ...(resourceName === undefined ? {} : { name: resourceName }),
    ...(resourceNamespace === undefined ? {} : { namespace: resourceNamespace }),
  }
}
