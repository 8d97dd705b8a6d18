import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { nodes, pods } from '#api/core/v1'
import type { Plugin, PluginFactory } from '../framework/plugin.ts'
import { unschedulable } from '../framework/status.ts'
import { makeNode, makePod, startCluster } from '../testing/cluster.ts'
import { makeRig } from '../testing/rig.ts'
import { readSchedulerConfiguration } from './load.ts'

const header = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n'
const read = (yaml: string): ReturnType<typeof readSchedulerConfiguration> =>
  readSchedulerConfiguration(parse(`${header}${yaml}`))
const namesAt = (rig: ReturnType<typeof makeRig>, point: 'filter' | 'score' | 'preBind'): readonly string[] =>
  rig.framework.plugins[point].map(({ name }) => name)

test('without configuration there are the default plugins, in order', () => {
  const rig = makeRig()
  expect(rig.framework.name).toBe('default-scheduler')
  expect(namesAt(rig, 'filter')).toEqual([
    'NodeUnschedulable',
    'NodeName',
    'TaintToleration',
    'NodeAffinity',
    'NodePorts',
    'NodeResourcesFit',
    'VolumeRestrictions',
    'NodeVolumeLimits',
    'VolumeBinding',
    'VolumeZone',
    'PodTopologySpread',
    'InterPodAffinity',
    'DynamicResources',
    'NodeDeclaredFeatures',
  ])
  expect(namesAt(rig, 'score').map((name) => `${name} ${rig.framework.weightOf({ name })}`)).toEqual([
    'TaintToleration 3',
    'NodeAffinity 2',
    'NodeResourcesFit 1',
    'PodTopologySpread 2',
    'InterPodAffinity 2',
    'DynamicResources 2',
    'NodeResourcesBalancedAllocation 1',
    'ImageLocality 1',
  ])
})

test('a profile disables plugins, weighs them otherwise, and gives them arguments', () => {
  const config = read(`
podInitialBackoffSeconds: 2
percentageOfNodesToScore: 50
profiles:
- schedulerName: packing
  plugins:
    multiPoint:
      disabled: [{name: ImageLocality}]
    score:
      disabled: [{name: TaintToleration}]
      enabled: [{name: NodeResourcesFit, weight: 5}]
  pluginConfig:
  - name: NodeResourcesFit
    args:
      scoringStrategy: {type: MostAllocated, resources: [{name: cpu, weight: 1}]}
`)
  expect(config).toMatchObject({ podInitialBackoffSeconds: 2, percentageOfNodesToScore: 50 })
  const rig = makeRig(config)
  expect(rig.framework.name).toBe('packing')
  expect(namesAt(rig, 'score')).toEqual([
    'NodeResourcesFit',
    'NodeAffinity',
    'PodTopologySpread',
    'InterPodAffinity',
    'DynamicResources',
    'NodeResourcesBalancedAllocation',
  ])
  rig.cache.setNode(makeNode('empty'))
  rig.cache.setNode(makeNode('busy'))
  rig.cache.setPod(makePod('other', { nodeName: 'busy', requests: { cpu: '2' } }))
  const best = rig.best(makePod('web', { requests: { cpu: '1' } }))
  expect(best?.node).toBe('busy')
  expect(best?.scores).toContainEqual({ plugin: 'NodeResourcesFit', weight: 5, score: 75 })
})

test('RequestedToCapacityRatio scores along its shape', () => {
  const shape = [
    { utilization: 0, score: 0 },
    { utilization: 50, score: 10 },
    { utilization: 100, score: 0 },
  ]
  const scoringStrategy = { type: 'RequestedToCapacityRatio', requestedToCapacityRatio: { shape } }
  const rig = makeRig({ profiles: [{ pluginConfig: [{ name: 'NodeResourcesFit', args: { scoringStrategy } }] }] })
  for (const [name, cpu, memory] of [
    ['a', '4', '8Gi'],
    ['b', '8', '16Gi'],
  ] as const) {
    rig.cache.setNode(makeNode(name, { cpu, memory }))
  }
  const best = rig.best(makePod('web', { requests: { cpu: '2', memory: '4Gi' } }))
  expect(best?.node).toBe('a')
  expect(best?.scores).toContainEqual({ plugin: 'NodeResourcesFit', weight: 1, score: 100 })
})

test.each([
  ['profiles: [{schedulerName: a}, {schedulerName: a}]', 'profiles[1].schedulerName: Duplicate value: "a"'],
  ['profiles: [{schedulerName: a}, {}]', 'profiles[1].schedulerName: Required value'],
  ['percentageOfNodesToScore: 101', 'percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100]'],
  [
    'podInitialBackoffSeconds: 20\npodMaxBackoffSeconds: 10',
    'podMaxBackoffSeconds: Invalid value: 10: must be greater than or equal to PodInitialBackoffSeconds',
  ],
  [
    'extenders: [{urlPrefix: "http://x", prioritizeVerb: p}]',
    'extenders[0].weight: Invalid value: 0: must have a positive weight applied to it',
  ],
  ['profiles: {}', 'profiles is object, wanted a list'],
])('a configuration that makes no sense is refused: %s', (yaml, message) => {
  expect(() => read(yaml)).toThrow(message)
})

test('plugins that do not exist, or extend nothing where they are named, are refused', () => {
  const filter = (name: string) => ({ profiles: [{ plugins: { filter: { enabled: [{ name }] } } }] })
  expect(() => makeRig(filter('Nope'))).toThrow('plugin "Nope" does not exist')
  expect(() => makeRig(filter('ImageLocality'))).toThrow('plugin "ImageLocality" does not extend filter plugin')
  expect(() => makeRig({ profiles: [{ plugins: { bind: { disabled: [{ name: '*' }] } } }] })).toThrow(
    'at least one bind plugin',
  )
})

test('a plugin of its own takes part at all its points, beside several schedulers', async () => {
  const steps: string[] = []
  const quiet: PluginFactory = ({ args }): Plugin => ({
    name: 'Quiet',
    filter: (_cycle, _pod, node) =>
      node.labels['noise'] === args['noise'] ? unschedulable('Quiet', 'node(s) too loud') : undefined,
    score: (_cycle, _pod, node) => (node.name === 'c' ? 100 : 0),
    permit(_cycle, pod) {
      steps.push(`permit ${pod.name}`)
      return undefined
    },
    async preBind(_cycle, pod) {
      steps.push(`preBind ${pod.name}`)
      return undefined
    },
    postBind: (_cycle, pod, node) => void steps.push(`postBind ${pod.name} ${node}`),
  })
  const profiles = [
    { schedulerName: 'default-scheduler' },
    {
      schedulerName: 'quiet',
      plugins: { multiPoint: { enabled: [{ name: 'Quiet', weight: 100 }] } },
      pluginConfig: [{ name: 'Quiet', args: { noise: 'high' } }],
    },
  ]
  await using cluster = await startCluster(
    { nodes: [makeNode('a', { labels: { noise: 'high' } }), makeNode('b'), makeNode('c')] },
    { plugins: { Quiet: quiet }, config: { profiles } },
  )
  cluster.client.put(pods, makePod('mine', { schedulerName: 'quiet' }))
  cluster.client.put(pods, makePod('any'))
  await cluster.settle()
  expect(cluster.nodeOf('mine')).toBe('c')
  expect(cluster.nodeOf('any')).not.toBe('')
  expect(steps).toEqual(['permit mine', 'preBind mine', 'postBind mine c'])
  for (const name of ['b', 'c']) await cluster.client.delete(nodes, { name })
  cluster.client.put(pods, makePod('late', { schedulerName: 'quiet' }))
  await cluster.settle()
  expect(cluster.whyNot('late')).toMatch(/^0\/1 nodes are available: 1 node\(s\) too loud\./)
})

test('a pod that Permit holds is bound when it is let go, and comes back when its time is up', async () => {
  const held: PluginFactory = (): Plugin => ({ name: 'Held', permit: () => ({ waitMs: 5000 }) })
  const config = { profiles: [{ plugins: { multiPoint: { enabled: [{ name: 'Held' }] } } }] }
  await using cluster = await startCluster({ nodes: [makeNode('a')] }, { plugins: { Held: held }, config })
  cluster.client.put(pods, makePod('web'))
  await cluster.settle(1000)
  expect(cluster.scheduler.explain('uid-of-web')).toMatchObject({ place: 'being bound', node: 'a' })
  await cluster.settle(5000)
  expect(cluster.whyNot('web')).toBe(
    '0/1 nodes are available: 1 rejected due to timeout after waiting 5s at plugin Held.',
  )
})
