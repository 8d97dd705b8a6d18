import { loadImages, readRunningState, usageError, UserError } from '#cluster'
import type { Command } from '../command.ts'
import { flagCommand } from '../flag-command.ts'
import { nearest } from '../flags/nearest.ts'
import { terminalProgress } from '../output/progress.ts'
import { clusterFlags, layoutOf } from './cluster-flags.ts'

export const imageCommand: Command = flagCommand({
  name: 'image',
  usage: 'image load FILE.tar|REFERENCE... [flags]',
  about:
    'Gives images to all nodes of a running cluster: from archives that docker save or other tools wrote, or by ' +
    'pulling references.',
  flags: clusterFlags,
  takesParameters: true,
  async run({ values, rest }, terminal) {
    const [verb, ...sources] = rest
    if (verb !== 'load') {
      const close = verb === undefined ? undefined : nearest(verb, ['load'])
      throw usageError(`k8ts image wants ${close ?? 'load'} and what to load: k8ts image load FILE.tar|REFERENCE...`)
    }
    if (sources.length === 0) throw usageError('nothing to load was named: k8ts image load FILE.tar|REFERENCE...')
    const layout = layoutOf(values)
    const state = await readRunningState(layout.stateFile)
    if (!state) {
      throw new UserError(`cluster ${layout.name} does not run: start it with k8ts up --name ${layout.name}`)
    }
    if (state.runtime === 'remote' && state.nodes.length === 0) {
      throw new UserError(
        `nodes of cluster ${layout.name} are machines of their own: load images there (k8ts image load --name NAME-OF-AGENT)`,
      )
    }
    using progress = terminalProgress(terminal)
    await loadImages(state.nodes, sources, progress)
    return 0
  },
})
