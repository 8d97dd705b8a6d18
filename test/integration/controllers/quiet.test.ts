import { expect, it } from 'vitest'
import { daemonsets, deployments, statefulsets } from '#api/apps/v1'
import { pods, resourcequotas, services } from '#api/core/v1'
import { poddisruptionbudgets } from '#api/policy/v1'
import { appSelector, isReady, itemsOf, startCluster, template } from './cluster.ts'

it('writes nothing and asks nothing while nothing changes', async () => {
  await using cluster = await startCluster({ nodes: ['n1', 'n2'], options: { clusterCIDRs: ['10.244.0.0/16'] } })
  const { client, clock, requests } = cluster
  const of = (name: string): { readonly metadata: { readonly namespace: string; readonly name: string } } => ({
    metadata: { namespace: 'default', name },
  })
  const spec = { selector: appSelector, template: template('a') }
  await client.create(resourcequotas, { ...of('quota'), spec: { hard: { pods: '50' } } })
  await client.create(services, {
    ...of('web'),
    spec: { clusterIP: 'None', selector: { app: 'web' }, ports: [{ port: 80 }] },
  })
  await client.create(poddisruptionbudgets, { ...of('web'), spec: { minAvailable: 1, selector: appSelector } })
  await client.create(deployments, { ...of('web'), spec: { ...spec, replicas: 3 } })
  const labelled = (app: string): typeof spec => ({
    selector: { matchLabels: { app } },
    template: { ...template('a'), metadata: { labels: { app } } },
  })
  await client.create(statefulsets, { ...of('db'), spec: { ...labelled('db'), serviceName: 'web', replicas: 2 } })
  await client.create(daemonsets, { ...of('agent'), spec: labelled('agent') })
  await cluster.until('pods', async () => (await itemsOf(client, pods)).filter(isReady).length >= 5)
  await clock.advance(90_000)
  const before = requests.length
  await clock.advance(25_000)
  expect(requests.slice(before)).toEqual([])
})
