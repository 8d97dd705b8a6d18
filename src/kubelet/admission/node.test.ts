import { nodes, pods } from '#api/core/v1'
import type { Node, NodeSpec, Pod, PodSpec, Taint } from '#api/core/v1'
import { expect, test } from 'vitest'
import { ApiDouble } from '../testing/api-double.ts'
import { TestNode } from '../testing/node.ts'

async function change(node: TestNode, labels: { [key: string]: string }, spec: NodeSpec = {}): Promise<void> {
  const known = await node.api.get(nodes, { name: 'node-1' })
  const changed: Node = {
    ...known,
    metadata: { ...known.metadata, labels: { ...known.metadata.labels, ...labels } },
    spec: { ...known.spec, ...spec },
  }
  await node.api.update(nodes, changed)
}

const zone = { nodeSelector: { zone: 'a' } }

test('a pod that was bound to a node it does not ask for is refused', async () => {
  const node = new TestNode()
  const why = "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"
  expect((await node.run('elsewhere', zone)).status).toMatchObject({
    phase: 'Failed',
    reason: 'NodeAffinity',
    message: `Pod was rejected: ${why}`,
  })
  expect(node.events).toContain(`Warning NodeAffinity ${why}`)
  await node.stop()
})

test('labels that the node got a moment ago count', async () => {
  const node = new TestNode()
  await node.run('first', {})
  await Promise.all([change(node, { zone: 'a' }), node.run('here', zone)])
  await node.settle()
  expect(node.pod('here').status?.phase).toBe('Running')
  await node.stop()
})

test('a pod that goes while the node is looked at leaves nothing', async () => {
  const node = new TestNode()
  await node.run('first', {})
  const running = node.run('gone', { ...zone, terminationGracePeriodSeconds: 0 }).catch(() => undefined)
  await node.api.delete(pods, { namespace: 'default', name: 'gone' })
  await running
  await node.settle()
  expect(node.has('gone')).toBe(false)
  await node.stop()
})

test('taints that end pods keep out those that do not tolerate them, and no others', async () => {
  const node = new TestNode()
  await node.run('first', {})
  const taint: Taint = { key: 'broken', effect: 'NoExecute' }
  await change(node, {}, { taints: [taint, { key: 'full', effect: 'NoSchedule' }] })
  await node.settle()
  const why = "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate"
  expect((await node.run('refused', {})).status).toMatchObject({
    reason: 'TaintToleration',
    message: `Pod was rejected: ${why}`,
  })
  const tolerating = await node.run('tolerating', { tolerations: [{ key: 'broken', operator: 'Exists' }] })
  expect(tolerating.status?.phase).toBe('Running')
  expect(node.pod('first').status?.phase).toBe('Running')
  await node.stop()
})

test('a pod whose groups the runtime can not keep, or that is for another system, is refused', async () => {
  const node = new TestNode()
  await node.run('first', {})
  expect((await node.run('strict', { securityContext: { supplementalGroupsPolicy: 'Strict' } })).status).toMatchObject({
    reason: 'SupplementalGroupsPolicyNotSupported',
    message: 'Pod was rejected: SupplementalGroupsPolicy=Strict is not supported in this node',
  })
  expect((await node.run('windows', {}, { labels: { 'kubernetes.io/os': 'windows' } })).status).toMatchObject({
    reason: 'PodOSSelectorNodeLabelDoesNotMatch',
  })
  await node.stop()
})

test('a pod that asks for AppArmor is refused where the kernel has none', async () => {
  const node = new TestNode()
  const profiled = (type: 'RuntimeDefault' | 'Unconfined'): Partial<PodSpec> => ({
    containers: [{ name: 'app', image: 'app:1', securityContext: { appArmorProfile: { type } } }],
  })
  expect((await node.run('free', profiled('Unconfined'))).status?.phase).toBe('Running')
  const why = 'Cannot enforce AppArmor: AppArmor is not enabled on the host'
  const refused = { phase: 'Failed', reason: 'AppArmor', message: `Pod was rejected: ${why}` }
  expect((await node.run('confined', profiled('RuntimeDefault'))).status).toMatchObject(refused)
  const whole: Partial<PodSpec> = {
    securityContext: { appArmorProfile: { type: 'Localhost', localhostProfile: 'p' } },
  }
  expect((await node.run('whole', whole)).status).toMatchObject(refused)
  expect(node.events).toContain(`Warning AppArmor ${why}`)
  await node.stop()
})

test('pods that are there before the API has the node are decided by what the node will say of itself', async () => {
  const api = new ApiDouble()
  const create = api.create.bind(api)
  api.create = (resource, object) =>
    resource.kind === nodes.kind ? Promise.reject(new Error('not yet')) : create(resource, object)
  const bound = (name: string, spec: object): Promise<Pod> =>
    create(pods, {
      metadata: { name, namespace: 'default' },
      spec: { nodeName: 'node-1', containers: [{ name: 'app', image: 'app:1' }], ...spec },
      status: { phase: 'Pending' },
    })
  await bound('elsewhere', zone)
  await bound('here', { nodeSelector: { rack: '7' } })
  const taints: Taint[] = [{ key: 'own', effect: 'NoExecute' }]
  const node = new TestNode({ kubelet: { labels: { rack: '7' } } }, { api })
  await node.settle()
  expect(node.pod('elsewhere').status).toMatchObject({ phase: 'Failed', reason: 'NodeAffinity' })
  expect(node.pod('here').status?.phase).toBe('Running')
  await node.stop()
  const tainted = new TestNode({ kubelet: { taints } }, { api })
  await tainted.settle()
  expect((await tainted.run('third', {})).status?.reason).toBe('TaintToleration')
  await tainted.stop()
})
