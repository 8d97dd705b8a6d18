import { hostname } from 'node:os'
import { createScheduler } from '#scheduler'
import { leading } from './leading.ts'
import type { LeaderSettings } from './leading.ts'
import { connectRemote, runParts } from './remote.ts'
import type { RemoteSettings } from './remote.ts'

/** The scheduler by itself. */
export interface SchedulerSettings extends RemoteSettings {
  readonly leader?: LeaderSettings
}

/** Runs the scheduler until the signal aborts. @throws UserError, Error */
export async function runScheduler(settings: SchedulerSettings, signal: AbortSignal): Promise<void> {
  const remote = await connectRemote('kube-scheduler', settings)
  try {
    const { client, clock, logger, informers } = remote
    const scheduler = createScheduler({ client, clock, log: logger, informers, host: hostname() })
    await runParts([[informers], [leading(scheduler, remote, settings.leader)]], remote, signal)
  } finally {
    await remote.close()
  }
}
