import type { Command } from '../command.ts'
import { componentCommand, flagsGiven, leaderSettings, remoteSettings, servingSettings } from '../components/remote.ts'
import { schedulerFlags, toleratedSchedulerFlags } from '../components/scheduler-flags.ts'

export const schedulerCommand: Command = componentCommand({
  name: 'scheduler',
  about: 'Runs a scheduler by itself.',
  flags: schedulerFlags,
  tolerated: toleratedSchedulerFlags,
  async run(flags, signal, given) {
    const { runScheduler } = await import('../load/scheduler.ts')
    const { config } = flags
    await runScheduler(
      {
        ...remoteSettings(flags),
        ...leaderSettings(flags),
        leaderGiven: [...given].some((name) => name.startsWith('leader-elect')),
        ...servingSettings(flags),
        flags: flagsGiven(schedulerFlags, flags, given),
        ...(config === undefined ? {} : { configFile: config }),
      },
      signal,
    )
  },
})
