import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { nodes, pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { conflict } from '#machinery'
import { makeNode, makePod, startCluster } from './testing/cluster.ts'
import type { TestCluster } from './testing/cluster.ts'
import { referenceVerdict } from './testing/reference.ts'

const zones = fc.constantFrom('one', 'two')
const apps = fc.constantFrom('a', 'b')

const podFacts = fc.record({
  app: apps,
  cpu: fc.constantFrom('200m', '700m', '1500m'),
  zone: fc.constantFrom('', '', 'one', 'two'),
  tolerates: fc.boolean(),
  priority: fc.constantFrom(0, 0, 5),
  lonely: fc.constantFrom(false, false, true),
  spread: fc.constantFrom(false, false, true),
})

type Step =
  | { readonly kind: 'pod'; readonly facts: typeof podFacts extends fc.Arbitrary<infer T> ? T : never }
  | { readonly kind: 'end'; readonly which: number }
  | {
      readonly kind: 'node'
      readonly which: number
      readonly zone: string
      readonly cpu: string
      readonly tainted: boolean
    }
  | { readonly kind: 'drop node'; readonly which: number }
  | { readonly kind: 'wait'; readonly ms: number }

const which = fc.nat({ max: 4 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('pod' as const), facts: podFacts }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('node' as const),
      which,
      zone: zones,
      cpu: fc.constantFrom('1', '2', '4'),
      tainted: fc.constantFrom(false, false, true),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop node' as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3000 }) }) },
)

function podOf(name: string, facts: Extract<Step, { kind: 'pod' }>['facts']): Pod {
  const labelSelector = { matchLabels: { app: facts.app } }
  return makePod(name, {
    labels: { app: facts.app },
    priority: facts.priority,
    requests: { cpu: facts.cpu },
    ...(facts.zone === '' ? {} : { nodeSelector: { zone: facts.zone } }),
    ...(facts.tolerates ? { tolerations: [{ operator: 'Exists' as const }] } : {}),
    ...(facts.lonely
      ? {
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                { topologyKey: 'kubernetes.io/hostname', labelSelector },
              ],
            },
          },
        }
      : {}),
    ...(facts.spread
      ? {
          topologySpreadConstraints: [
            { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' as const, labelSelector },
          ],
        }
      : {}),
  })
}

async function take(cluster: TestCluster, one: Step, count: number): Promise<void> {
  const { client } = cluster
  switch (one.kind) {
    case 'pod':
      client.put(pods, podOf(`pod-${count}`, one.facts))
      break
    case 'end': {
      const all = client.all(pods).filter(({ spec, status }) => spec?.nodeName && !status?.phase)
      const pod = all[one.which % Math.max(1, all.length)]
      if (pod) client.put(pods, { ...pod, status: { ...pod.status, phase: 'Succeeded' } })
      break
    }
    case 'node': {
      const taints = one.tainted ? [{ key: 'x', effect: 'NoSchedule' as const }] : []
      client.put(nodes, makeNode(`node-${one.which}`, { cpu: one.cpu, labels: { zone: one.zone }, spec: { taints } }))
      break
    }
    case 'drop node': {
      const name = `node-${one.which}`
      if (!client.all(nodes).some(({ metadata }) => metadata.name === name)) break
      client.remove(nodes, { name })
      for (const pod of client.all(pods)) {
        const { namespace = '', name: podName = '' } = pod.metadata
        if (pod.spec?.nodeName === name) client.remove(pods, { namespace, name: podName })
      }
      break
    }
    case 'wait':
      await cluster.settle(one.ms)
  }
}

test('whatever fails and changes, no pod that could go is left waiting, and none is bound against the rules of room', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), fc.nat(), async (steps, seed) => {
      await using cluster = await startCluster()
      let turn = seed
      const unlucky = (): boolean => (turn = (turn * 1_103_515_245 + 12_345) % 2_147_483_648) % 4 === 0
      cluster.client.fault = (verb, _plural, key) =>
        (verb === 'binding' || verb === 'patch') && unlucky()
          ? conflict({ group: '', resource: 'pods' }, key.name, 'try again')
          : undefined
      let count = 0
      for (const one of steps) await take(cluster, one, count++)
      cluster.client.fault = () => undefined
      // Long enough for everyone to back off, not for the flush of what was forgotten.
      await cluster.settle(45_000)
      const running = cluster.client.all(pods).filter(({ status }) => status?.phase !== 'Succeeded')
      const world = {
        nodes: cluster.client.all(nodes),
        pods: running.filter(({ spec }) => spec?.nodeName),
      }
      for (const node of world.nodes) {
        const cpu = world.pods
          .filter(({ spec }) => spec?.nodeName === node.metadata.name)
          .reduce(
            (sum, { spec }) => sum + Number.parseInt(spec?.containers[0]?.resources?.requests?.['cpu'] ?? '0', 10),
            0,
          )
        const shrunk =
          steps.filter((one) => one.kind === 'node' && `node-${one.which}` === node.metadata.name).length > 1
        if (!shrunk) expect(cpu).toBeLessThanOrEqual(1000 * Number(node.status?.allocatable?.['cpu']))
      }
      for (const pod of running) {
        if (pod.spec?.nodeName) continue
        const open = world.nodes.filter((node) => referenceVerdict(world, pod, node).length === 0)
        expect({ pod: pod.metadata.name, open: open.map(({ metadata }) => metadata.name) }).toEqual({
          pod: pod.metadata.name,
          open: [],
        })
      }
    }),
    { numRuns: 40 },
  )
}, 60_000)
