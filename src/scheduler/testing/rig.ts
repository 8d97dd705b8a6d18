import { silentLogger, VirtualClock } from '#base'
import type { Pod } from '#api/core/v1'
import { createInformerFactory } from '#client'
import { Cache } from '../cache/cache.ts'
import type { SchedulerConfig } from '../config/types.ts'
import { NodeFinder } from '../cycle/find-nodes.ts'
import { NodeRanker } from '../cycle/rank-nodes.ts'
import type { PluginScore } from '../cycle/rank-nodes.ts'
import { CycleState } from '../framework/cycle-state.ts'
import type { Framework } from '../framework/framework.ts'
import { StatusTable } from '../framework/status.ts'
import { createProfiles } from '../profiles.ts'
import { Nominator } from '../queue/nominator.ts'
import { MemoryClient } from './memory-client.ts'

/** The deciding half of a scheduler: cache, plugins and choice of nodes, without queue, API or time. */
export interface Rig {
  readonly cache: Cache
  readonly framework: Framework
  readonly nominator: Nominator
  /** Verdicts by node: the reasons against it, none where it will do. */
  verdicts(pod: Pod): { readonly [node: string]: readonly string[] }
  /** The same, each node judged alone as preemption does. */
  judgedAlone(pod: Pod): { readonly [node: string]: readonly string[] }
  /** The node that is taken, its total and the parts of that. */
  best(pod: Pod): { readonly node: string; readonly total: number; readonly scores: readonly PluginScore[] } | undefined
}

export function makeRig(config: SchedulerConfig = {}): Rig {
  const clock = new VirtualClock()
  const client = new MemoryClient()
  const log = silentLogger
  const cache = new Cache()
  const statuses = new StatusTable()
  const nominator = new Nominator((node) => cache.nodes.touch(node))
  const { frameworks } = createProfiles({
    client,
    clock,
    log,
    informers: createInformerFactory(client, { clock }),
    config,
    cache,
    statuses,
    nominator,
    recorder: () => ({ event: () => {} }),
    activate: () => {},
    extenders: [],
    rejectWaiting: () => false,
  })
  const [framework] = frameworks.values()
  if (!framework) throw new Error('no profile')
  const finder = new NodeFinder(cache.nodes, statuses, nominator)
  const ranker = new NodeRanker(cache.nodes, clock)
  return {
    cache,
    framework,
    nominator,
    verdicts(pod) {
      const diagnosis = finder.find(framework, cache.shapes.infoOf(pod), new CycleState()).diagnosis()
      return Object.fromEntries(
        [...cache.nodes.list()].map((node) => [node.name, diagnosis.statusOf(node)?.reasons ?? []]),
      )
    },
    judgedAlone(pod) {
      const info = cache.shapes.infoOf(pod)
      const cycle = new CycleState()
      const { status } = framework.preFilter(cycle, info)
      return Object.fromEntries(
        [...cache.nodes.list()].map((node) => [
          node.name,
          (status ?? framework.filter(cycle, info, node.copy()))?.reasons ?? [],
        ]),
      )
    },
    best(pod) {
      const info = cache.shapes.infoOf(pod)
      const cycle = new CycleState()
      const found = finder.find(framework, info, cycle)
      if (found.count === 0) return undefined
      const { slot, total, scores } = ranker.best(framework, info, cycle, found)
      return { node: cache.nodes.at(slot)?.name ?? '', total, scores: scores() }
    },
  }
}
