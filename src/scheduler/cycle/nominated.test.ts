import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { CycleState } from '../framework/cycle-state.ts'
import { makeNode, makePod } from '../testing/cluster.ts'
import { makeRig } from '../testing/rig.ts'
import { filterWithNominated } from './nominated.ts'

const nodeNames = ['a', 'b', 'c'] as const
const node = fc.constantFrom(...nodeNames)
const priority = fc.constantFrom(0, 5, 10)

const step = fc.oneof(
  fc.record({ kind: fc.constant('promise' as const), pod: fc.nat(5), node: fc.option(node, { nil: '' as const }) }),
  fc.record({ kind: fc.constant('place' as const), node, cpu: fc.constantFrom('500m', '1') }),
  fc.record({ kind: fc.constant('leave' as const), which: fc.nat(9) }),
  fc.record({ kind: fc.constant('node' as const), node, cpu: fc.constantFrom('1', '2', '4') }),
  fc.record({ kind: fc.constant('without' as const), node }),
)

test('verdicts follow what is promised to others as if every node were judged anew', () => {
  fc.assert(
    fc.property(
      fc.array(priority, { minLength: 6, maxLength: 6 }),
      fc.array(step, { maxLength: 20 }),
      (levels, steps) => {
        const rig = makeRig()
        const { cache, framework, nominator } = rig
        for (const name of nodeNames) cache.setNode(makeNode(name, { cpu: '2' }))
        const pods = levels.map((level, i) =>
          makePod(`pod-${i}`, { priority: level, requests: { cpu: i % 2 === 0 ? '1' : '1500m' } }),
        )
        const infos = pods.map((pod) => cache.shapes.infoOf(pod))
        const placed: string[] = []
        for (const [at, each] of steps.entries()) {
          if (each.kind === 'promise') nominator.nominate(infos[each.pod]!, each.node)
          else if (each.kind === 'node') cache.setNode(makeNode(each.node, { cpu: each.cpu }))
          else if (each.kind === 'without') cache.removeNode(each.node)
          else if (each.kind === 'place') {
            const pod = makePod(`placed-${at}`, { nodeName: each.node, requests: { cpu: each.cpu } })
            placed.push(pod.metadata.uid ?? '')
            cache.setPod(pod)
          } else {
            const [uid] = placed.splice(each.which, 1)
            if (uid !== undefined) cache.removePod(uid)
          }
          for (const [i, pod] of pods.entries()) {
            const cycle = new CycleState()
            framework.preFilter(cycle, infos[i]!)
            const anew = [...cache.nodes.list()].map((info) => [
              info.name,
              filterWithNominated(framework, nominator, cycle, infos[i]!, info)?.reasons ?? [],
            ])
            expect(rig.verdicts(pod)).toEqual(Object.fromEntries(anew))
          }
        }
      },
    ),
  )
})
