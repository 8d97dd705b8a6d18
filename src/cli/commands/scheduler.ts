import type { Command } from '../command.ts'
import { componentCommand, leaderSettings, remoteSettings } from '../components/remote.ts'
import { schedulerFlags, toleratedSchedulerFlags } from '../components/scheduler-flags.ts'

export const schedulerCommand: Command = componentCommand({
  name: 'scheduler',
  about: 'Runs a scheduler by itself.',
  flags: schedulerFlags,
  tolerated: toleratedSchedulerFlags,
  async run(flags, signal) {
    const { runScheduler } = await import('#cluster')
    await runScheduler({ ...remoteSettings(flags), ...leaderSettings(flags) }, signal)
  },
})
