import { nodes } from '#api/core/v1'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import { isNotFound, keyOf } from '#machinery'
import { watchEvents } from '../common/meta/watch.ts'
import type { ControllersOptions } from '../options.ts'

const annotation = 'node.alpha.kubernetes.io/ttl'

/** Seconds by size of the cluster. Steps overlap, so that a cluster of a size in between does not change to and fro. */
const steps = [
  { from: 0, to: 100, seconds: 0 },
  { from: 90, to: 500, seconds: 15 },
  { from: 450, to: 1000, seconds: 30 },
  { from: 900, to: 2000, seconds: 60 },
  { from: 1800, to: Infinity, seconds: 300 },
] as const

/** The step for a cluster of so many nodes that was on another before. */
export function stepFor(nodeCount: number, before: number): number {
  let step = before
  while (nodeCount > (steps[step]?.to ?? Infinity)) step++
  while (nodeCount < (steps[step]?.from ?? 0)) step--
  return step
}

function create({ informers, client, queue }: ControllerContext<ControllersOptions>): Controller {
  const informer = informers.informer(nodes)
  let step = 0
  const count = (): void => {
    step = stepFor(informer.lister.size, step)
  }
  return {
    concurrency: 5,
    watches: [
      watchEvents(nodes, {
        added(node) {
          count()
          queue.add(keyOf(node))
        },
        updated: (_, node) => queue.add(keyOf(node)),
        deleted: count,
      }),
    ],
    async reconcile(name) {
      const node = informer.lister.get({ name })
      const wanted = String(steps[step]?.seconds ?? 0)
      if (!node || node.metadata.annotations?.[annotation] === wanted) return
      const patch = { metadata: { annotations: { [annotation]: wanted } } }
      try {
        await client.patch(nodes, { name }, { type: 'strategic', patch })
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    },
  }
}

/** Tells nodes how long they may keep what they know of Secrets and ConfigMaps. */
export const ttlController: ControllerDescriptor<ControllersOptions> = {
  name: 'ttl-controller',
  aliases: ['ttl'],
  inputs: [nodes],
  outputs: [{ resource: nodes, ownership: 'shared' }],
  create,
}
