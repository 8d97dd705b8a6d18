import { expect, it } from 'vitest'
import { controllerrevisions, daemonsets, statefulsets } from '#api/apps/v1'
import { nodes, persistentvolumeclaims, pods } from '#api/core/v1'
import { sortKeys } from '#machinery'
import { appSelector, isReady, itemsOf, startCluster, template } from './cluster.ts'

const select = ['statefulset-controller', 'daemonset-controller']
const key = { namespace: 'default', name: 'db' }

it('starts the pods of a stateful set one after the other, and ends them in the other direction', async () => {
  await using cluster = await startCluster({ select })
  const { client } = cluster
  const claim = {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  } as const
  await client.create(statefulsets, {
    metadata: key,
    spec: {
      serviceName: 'db',
      replicas: 3,
      selector: appSelector,
      template: template('a'),
      volumeClaimTemplates: [claim],
    },
  })
  const order: string[] = []
  await cluster.until('three pods', async () => {
    const current = await itemsOf(client, pods)
    const names = current.map(({ metadata }) => metadata.name).join(' ')
    if (order.at(-1) !== names) order.push(names)
    return current.length === 3 && current.every(isReady)
  })
  expect(order.filter((names) => names !== '')).toEqual(['db-0', 'db-0 db-1', 'db-0 db-1 db-2'])
  await client.patch(statefulsets, key, { type: 'merge', patch: { spec: { replicas: 1 } } })
  await cluster.until('one pod', async () => (await itemsOf(client, pods)).length === 1)
  const deletions = cluster.requests.filter((request) => request.startsWith('DELETE'))
  expect(deletions.map((request) => request.slice(request.lastIndexOf('/') + 1))).toEqual(['db-2', 'db-1'])
  const claims = await itemsOf(client, persistentvolumeclaims)
  expect(claims.map(({ metadata }) => metadata.name)).toEqual(['data-db-0', 'data-db-1', 'data-db-2'])
})

it('has one pod of a daemon set on every node that is fit for it', async () => {
  await using cluster = await startCluster({ select, nodes: [] })
  const { client } = cluster
  const ready = [{ type: 'Ready', status: 'True' }]
  const node = async (name: string, taint?: string): Promise<void> => {
    const taints = taint === undefined ? [] : [{ key: taint, effect: 'NoSchedule' } as const]
    await client.create(nodes, { metadata: { name }, spec: { taints }, status: { conditions: ready } })
  }
  for (const name of ['a', 'b']) await node(name)
  await node('tainted', 'reserved')
  await node('pressed', 'node.kubernetes.io/memory-pressure')
  const { nodeName: _, ...spec } = template('a').spec ?? { containers: [] }
  await client.create(daemonsets, {
    metadata: key,
    spec: { selector: appSelector, template: { ...template('a'), spec } },
  })
  const places = async (): Promise<string[]> =>
    (await itemsOf(client, pods))
      .map(({ spec: { affinity } }) => {
        const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
        return terms?.[0]?.matchFields?.[0]?.values?.[0] ?? ''
      })
      .toSorted()
  await cluster.until('pods', async () => (await places()).length === 3)
  expect(await places()).toEqual(['a', 'b', 'pressed'])
  await node('c')
  await cluster.until('a pod on the new node', async () => (await places()).includes('c'))
  const { status } = await client.get(daemonsets, key)
  expect(status).toMatchObject({ desiredNumberScheduled: 4, currentNumberScheduled: 4, numberReady: 0 })
})

it('remembers templates as texts with their keys in order, as those who compare them write them', async () => {
  await using cluster = await startCluster({ select })
  const { client } = cluster
  await client.create(daemonsets, { metadata: key, spec: { selector: appSelector, template: template('a') } })
  await client.create(statefulsets, {
    metadata: key,
    spec: { serviceName: 'db', replicas: 1, selector: appSelector, template: template('a') },
  })
  await cluster.until('revisions', async () => (await itemsOf(client, controllerrevisions)).length === 2)
  const { spec } = await client.get(daemonsets, key)
  const wanted = JSON.stringify(sortKeys({ spec: { template: { ...spec.template, $patch: 'replace' } } }))
  for (const { data } of await itemsOf(client, controllerrevisions)) expect(JSON.stringify(data)).toBe(wanted)
})
