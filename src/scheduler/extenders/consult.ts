import type { Logger } from '#base'
import type { NodeTable } from '../cache/node-table.ts'
import type { PodInfo } from '../cache/pod-info.ts'
import { unresolvable, unschedulable } from '../framework/status.ts'
import type { Status } from '../framework/status.ts'
import type { Extender } from './extender.ts'

/** Rejections by extenders are told under this name. */
export const extenderName = 'Extender'

/** What extenders left of the nodes that plugins found. */
export interface Consulted {
  readonly slots: Int32Array
  /** Verdicts by name of node. */
  readonly against: ReadonlyMap<string, Status>
  /** Scores in addition to those of plugins, by slot. */
  readonly scores: ReadonlyMap<number, number>
}

/** Asks the extenders that care for a pod, one after the other. @throws Error when one fails that must not. */
export async function consult(
  extenders: readonly Extender[],
  nodes: NodeTable,
  pod: PodInfo,
  slots: Int32Array,
  log: Logger,
  signal: AbortSignal,
): Promise<Consulted> {
  const interested = extenders.filter((extender) => extender.isInterestedIn(pod.pod))
  const against = new Map<string, Status>()
  let left = [...slots]
  const nodesLeft = (): NonNullable<ReturnType<NodeTable['at']>>['node'][] => left.map((slot) => nodes.at(slot)?.node)
  const present = <T>(value: T | undefined): value is T => value !== undefined
  for (const extender of interested) {
    if (!extender.filters || left.length === 0) continue
    try {
      const {
        feasible,
        failed,
        unresolvable: hopeless,
      } = await extender.filter(pod.pod, nodesLeft().filter(present), signal)
      const names = new Set(feasible)
      left = left.filter((slot) => names.has(nodes.at(slot)?.name ?? ''))
      for (const [node, reason] of Object.entries(failed)) against.set(node, unschedulable(extenderName, reason))
      for (const [node, reason] of Object.entries(hopeless)) against.set(node, unresolvable(extenderName, reason))
    } catch (error) {
      if (!extender.isIgnorable) throw error
      log.info('Skipping extender as it returned error and has ignorable flag set', { extender: extender.url, error })
    }
  }
  const scores = new Map<number, number>()
  if (left.length > 1) {
    const ranking = interested.filter(({ ranks }) => ranks)
    await Promise.all(ranking.map((extender) => addRanks(extender, nodes, pod, left, scores, log, signal)))
  }
  return { slots: Int32Array.from(left), against, scores }
}

/** Ranks reach to 10, scores to 100. Ranking that fails leaves the choice to others. */
async function addRanks(
  extender: Extender,
  nodes: NodeTable,
  pod: PodInfo,
  slots: readonly number[],
  scores: Map<number, number>,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const infos = slots.flatMap((slot) => nodes.at(slot) ?? [])
  try {
    const ranks = await extender.rank(
      pod.pod,
      infos.flatMap(({ node }) => node ?? []),
      signal,
    )
    for (const { slot, name } of infos) {
      const rank = ranks.get(name)
      if (rank !== undefined) scores.set(slot, (scores.get(slot) ?? 0) + rank * extender.weight * 10)
    }
  } catch (error) {
    log.debug('Extender gave no ranks', { extender: extender.url, error })
  }
}
