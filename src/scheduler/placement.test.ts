import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Node, Pod, PodAffinityTerm, PodSpec } from '#api/core/v1'
import { makeNode, makePod } from './testing/cluster.ts'
import { referenceTotals, referenceVerdict } from './testing/reference.ts'
import { makeRig } from './testing/rig.ts'

const hostname = 'kubernetes.io/hostname'
const keys = fc.constantFrom('zone', 'rack', hostname)
const apps = fc.constantFrom('a', 'b', 'c')
const selector = apps.map((app) => ({ matchLabels: { app } }))

const term: fc.Arbitrary<PodAffinityTerm> = fc.record({
  topologyKey: keys,
  labelSelector: selector,
})

const terms = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(term, { minLength: 1, maxLength: 2 }) },
)
const weighted = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.array(fc.record({ weight: fc.integer({ min: 1, max: 100 }), podAffinityTerm: term }), {
      maxLength: 2,
    }),
  },
)

const constraint = fc.record({
  topologyKey: keys,
  maxSkew: fc.integer({ min: 1, max: 3 }),
  whenUnsatisfiable: fc.constantFrom('DoNotSchedule' as const, 'ScheduleAnyway' as const),
  labelSelector: selector,
  nodeAffinityPolicy: fc.constantFrom('Honor' as const, 'Ignore' as const),
  nodeTaintsPolicy: fc.constantFrom('Honor' as const, 'Ignore' as const),
})

const taint = fc.record({
  key: fc.constantFrom('x', 'y'),
  effect: fc.constantFrom('NoSchedule' as const, 'PreferNoSchedule' as const, 'NoExecute' as const),
})

const podSpec: fc.Arbitrary<Partial<PodSpec>> = fc
  .record({
    cpu: fc.constantFrom('', '100m', '500m', '1500m'),
    memory: fc.constantFrom('', '64Mi', '1Gi'),
    gpu: fc.constantFrom('', '', '', '1'),
    hostPort: fc.constantFrom(0, 0, 0, 8080, 9090),
    near: terms,
    far: terms,
    nearer: weighted,
    farther: weighted,
    constraints: fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.uniqueArray(constraint, {
          minLength: 1,
          maxLength: 2,
          selector: ({ topologyKey }) => topologyKey,
        }),
      },
    ),
    zone: fc.constantFrom('', '', 'one', 'two'),
    tolerates: fc.constantFrom('', '', 'x', 'all'),
  })
  .map((facts) => ({
    containers: [
      {
        name: 'main',
        image: 'app',
        resources: {
          requests: {
            ...(facts.cpu === '' ? {} : { cpu: facts.cpu }),
            ...(facts.memory === '' ? {} : { memory: facts.memory }),
            ...(facts.gpu === '' ? {} : { 'example.com/gpu': facts.gpu }),
          },
        },
        ...(facts.hostPort === 0
          ? {}
          : { ports: [{ containerPort: 80, hostPort: facts.hostPort, protocol: 'TCP' as const }] }),
      },
    ],
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: facts.near,
        preferredDuringSchedulingIgnoredDuringExecution: facts.nearer,
      },
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: facts.far,
        preferredDuringSchedulingIgnoredDuringExecution: facts.farther,
      },
    },
    topologySpreadConstraints: facts.constraints,
    ...(facts.zone === '' ? {} : { nodeSelector: { zone: facts.zone } }),
    tolerations:
      facts.tolerates === ''
        ? []
        : facts.tolerates === 'x'
          ? [{ key: 'x', operator: 'Exists' as const }]
          : [{ operator: 'Exists' as const }],
  }))

const nodeFacts = fc.record({
  cpu: fc.constantFrom('1', '2', '4'),
  memory: fc.constantFrom('1Gi', '4Gi'),
  pods: fc.constantFrom('3', '10'),
  gpu: fc.constantFrom('0', '2'),
  zone: fc.constantFrom('', 'one', 'two', 'two'),
  rack: fc.constantFrom('', 'left', 'right'),
  taints: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(taint, { maxLength: 2 }) },
  ),
  unschedulable: fc.constantFrom(false, false, false, true),
})

type Step =
  | {
      readonly kind: 'node'
      readonly name: number
      readonly facts: typeof nodeFacts extends fc.Arbitrary<infer T> ? T : never
    }
  | { readonly kind: 'drop node'; readonly name: number }
  | { readonly kind: 'drop pod'; readonly name: number }
  | { readonly kind: 'end pod'; readonly name: number }
  | { readonly kind: 'pod'; readonly app: string; readonly spec: Partial<PodSpec> }

const names = fc.nat({ max: 5 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('node' as const), name: names, facts: nodeFacts }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop node' as const), name: names }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop pod' as const), name: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end pod' as const), name: fc.nat() }) },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('pod' as const), app: apps, spec: podSpec }) },
)

test('whatever came before, pods get the verdicts and the best node that the rules give when everything is looked at', () => {
  fc.assert(
    fc.property(
      fc.array(nodeFacts, { minLength: 3, maxLength: 6 }),
      fc.array(step, { minLength: 5, maxLength: 20 }),
      (first, steps) => {
        const rig = makeRig()
        const nodes = new Map<string, Node>()
        const pods: Pod[] = []
        let count = 0
        const start = first.map((facts, name): Step => ({ kind: 'node', name, facts }))
        for (const one of [...start, ...steps]) {
          if (one.kind === 'node') {
            const { zone, rack, taints, unschedulable, gpu, ...rest } = one.facts
            const labels = { ...(zone === '' ? {} : { zone }), ...(rack === '' ? {} : { rack }) }
            const facts = { ...rest, labels, spec: { taints, unschedulable }, allocatable: { 'example.com/gpu': gpu } }
            const node = makeNode(`node-${one.name}`, facts)
            nodes.set(`node-${one.name}`, node)
            rig.cache.setNode(node)
          } else if (one.kind === 'drop node') {
            nodes.delete(`node-${one.name}`)
            rig.cache.removeNode(`node-${one.name}`)
          } else if (one.kind === 'drop pod') {
            const [gone] = pods.splice(one.name % Math.max(1, pods.length), 1)
            if (gone) rig.cache.removePod(gone.metadata.uid ?? '')
          } else if (one.kind === 'end pod') {
            const at = one.name % Math.max(1, pods.length)
            const pod = pods[at]
            if (!pod) continue
            const ending = { ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }
            pods[at] = ending
            rig.cache.setPod(ending)
          } else {
            const pod = makePod(`pod-${count++}`, { labels: { app: one.app }, ...one.spec })
            const world = { nodes: [...nodes.values()], pods }
            const wanted = Object.fromEntries(
              world.nodes.map((node) => [node.metadata.name, referenceVerdict(world, pod, node)]),
            )
            expect(rig.verdicts(pod)).toEqual(wanted)
            expect(rig.judgedAlone(pod)).toEqual(wanted)
            const totals = referenceTotals(world, pod)
            const best = rig.best(pod)
            expect(best?.total ?? -1).toBe(Math.max(-1, ...totals.values()))
            if (!best) continue
            expect(totals.get(best.node)).toBe(best.total)
            expect(best.scores.reduce((total, { score, weight }) => total + score * weight, 0)).toBe(best.total)
            const placed = { ...pod, spec: { ...(pod.spec ?? { containers: [] }), nodeName: best.node } }
            pods.push(placed)
            rig.cache.setPod(placed)
          }
        }
      },
    ),
    { numRuns: 80 },
  )
}, 30_000)
