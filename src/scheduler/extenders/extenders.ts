import { messageOf } from '#base'
import type { Logger } from '#base'
import type { Node, Pod } from '#api/core/v1'
import type { NodeTable } from '../cache/node-table.ts'
import { failed as bindingFailed, unresolvable, unschedulable } from '../framework/status.ts'
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

/** The extenders of a scheduler, which are asked one after the other. */
export class Extenders {
  readonly #all: readonly Extender[]
  readonly #nodes: NodeTable
  readonly #log: Logger

  constructor(all: readonly Extender[], nodes: NodeTable, log: Logger) {
    this.#all = all
    this.#nodes = nodes
    this.#log = log
  }

  /** Whether any of them cares for a pod. */
  areInterestedIn(pod: Pod): boolean {
    return this.#all.some((extender) => extender.isInterestedIn(pod))
  }

  /** Asks those that care for a pod about nodes that would do. @throws Error when one fails that must not. */
  async consult(pod: Pod, slots: Int32Array, signal: AbortSignal): Promise<Consulted> {
    const interested = this.#all.filter((extender) => extender.isInterestedIn(pod))
    const against = new Map<string, Status>()
    let left = [...slots]
    for (const extender of interested) {
      if (!extender.filters || left.length === 0) continue
      try {
        const { feasible, failed, unresolvable: hopeless } = await extender.filter(pod, this.#nodesAt(left), signal)
        const names = new Set(feasible)
        left = left.filter((slot) => names.has(this.#nodes.at(slot)?.name ?? ''))
        for (const [node, reason] of Object.entries(failed)) against.set(node, unschedulable(extenderName, reason))
        for (const [node, reason] of Object.entries(hopeless)) against.set(node, unresolvable(extenderName, reason))
      } catch (error) {
        if (!extender.isIgnorable) throw error
        this.#log.info('Skipping extender as it returned error and has ignorable flag set', {
          extender: extender.url,
          error,
        })
      }
    }
    const scores = new Map<number, number>()
    if (left.length > 1) {
      const ranking = interested.filter(({ ranks }) => ranks)
      await Promise.all(ranking.map((extender) => this.#addRanks(extender, pod, left, { scores, signal })))
    }
    return { slots: Int32Array.from(left), against, scores }
  }

  /** Ranks reach to 10, scores to 100. Ranking that fails leaves the choice to others. */
  async #addRanks(
    extender: Extender,
    pod: Pod,
    slots: readonly number[],
    { scores, signal }: { readonly scores: Map<number, number>; readonly signal: AbortSignal },
  ): Promise<void> {
    const infos = slots.flatMap((slot) => this.#nodes.at(slot) ?? [])
    try {
      const ranks = await extender.rank(pod, this.#nodesAt(slots), signal)
      for (const { slot, name } of infos) {
        const rank = ranks.get(name)
        if (rank !== undefined) scores.set(slot, (scores.get(slot) ?? 0) + rank * extender.weight * 10)
      }
    } catch (error) {
      this.#log.debug('Extender gave no ranks', { extender: extender.url, error })
    }
  }

  #nodesAt(slots: readonly number[]): Node[] {
    return slots.flatMap((slot) => this.#nodes.at(slot)?.node ?? [])
  }

  /** Lets the first that binds pods bind one. Resolves with why that failed, or that there is nobody who does. */
  async bind(pod: Pod, node: string, signal: AbortSignal): Promise<Status | undefined | 'nobody'> {
    for (const extender of this.#all) {
      if (!extender.binds || !extender.isInterestedIn(pod)) continue
      try {
        await extender.bind(pod, node, signal)
        return undefined
      } catch (error) {
        if (!extender.isIgnorable) return bindingFailed('', messageOf(error))
      }
    }
    return 'nobody'
  }
}
