import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Pod } from '#api/core/v1'
import { Cache } from '../../cache/cache.ts'
import { makeNode, makePod } from '../../testing/cluster.ts'
import { constraintsOf } from './constraints.ts'
import { SpreadCounts } from './counts.ts'
import { SpreadDomains } from './domains.ts'

const nodes = 12

const change = fc.record({
  what: fc.constantFrom('add', 'add', 'add', 'terminate', 'remove', 'relabel', 'lose'),
  number: fc.nat(39),
  node: fc.nat(nodes - 1),
  app: fc.constantFrom('a', 'b'),
  namespace: fc.constantFrom('one', 'two'),
  zone: fc.constantFrom('x', 'y', ''),
})

/** Changes come in bursts, so that some are followed one by one and others are not. */
const bursts = fc.array(
  fc.oneof(fc.array(change, { maxLength: 4 }), fc.array(change, { minLength: 30, maxLength: 60 })),
  {
    maxLength: 12,
  },
)

test('counts that follow pods and nodes are those that are made anew', () => {
  fc.assert(
    fc.property(bursts, (all) => {
      const cache = new Cache()
      const pod = makePod('wanted', { labels: { app: 'a' }, metadata: { namespace: 'one' } })
      const selector = { matchLabels: { app: 'a' } }
      const constraints = constraintsOf(
        ['zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
          topologyKey,
          maxSkew: 1,
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: selector,
        })),
        'DoNotSchedule',
        { app: 'a' },
      )
      const make = (): SpreadCounts =>
        new SpreadCounts(cache.nodes, pod, constraints, new SpreadDomains(cache.nodes, pod, constraints, true))
      const placed = new Map<number, Pod>()
      const name = (node: number): string => `node-${node}`
      const setNode = (node: number, zone: string): void =>
        cache.setNode(
          makeNode(name(node), { labels: { 'kubernetes.io/hostname': name(node), ...(zone === '' ? {} : { zone }) } }),
        )
      for (let node = 0; node < nodes; node++) setNode(node, 'x')
      const kept = make()
      for (const burst of all) {
        for (const { what, number, node, app, namespace, zone } of burst) {
          const there = placed.get(number)
          if (what === 'relabel') setNode(node, zone)
          else if (what === 'lose') cache.removeNode(name(node))
          else if (what === 'add' && !there) {
            const added = makePod(`pod-${number}`, { labels: { app }, metadata: { namespace }, nodeName: name(node) })
            placed.set(number, added)
            cache.setPod(added)
          } else if (what === 'terminate' && there) {
            const leaving = { ...there, metadata: { ...there.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }
            placed.set(number, leaving)
            cache.setPod(leaving)
          } else if (what === 'remove' && there) {
            placed.delete(number)
            cache.removePod(there.metadata.uid ?? '')
          }
        }
        expect(seen(kept)).toEqual(seen(make()))
      }
    }),
  )

  /** By domains' names, since the numbers depend on the order in which they were first seen. */
  function seen(counts: SpreadCounts): unknown {
    return counts.current().map(({ ids, matching, nodes: each, onNode }) => ({
      domains: Object.fromEntries(
        [...ids].filter(([, id]) => each[id]! > 0).map(([domain, id]) => [domain, [each[id], matching[id]]]),
      ),
      onNode: [...onNode.subarray(0, nodes)],
    }))
  }
})
