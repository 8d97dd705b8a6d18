import { describe, expect, test } from 'vitest'
import type { KubeObject } from '#machinery'
import { good, refusals } from './groups/objects.ts'
import { startClusterServer } from './server.ts'

const core = '/api/v1/namespaces/default'
const apps = '/apis/apps/v1/namespaces/default'
const labels = { app: 'a' }

const container = (cpu: string): object => ({ name: 'c', image: 'i', resources: { requests: { cpu } } })
const template = (cpu: string): object => ({ metadata: { labels }, spec: { containers: [container(cpu)] } })
const workload = (cpu: string): object => ({ selector: { matchLabels: labels }, template: template(cpu) })
const claim = (storage: string): object => ({ accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } })
const request = (m: string): object => ({ name: 'r', exactly: { deviceClassName: 'c', capacity: { requests: { m } } } })

describe('A quantity that is written in another way', () => {
  test.each([
    ['is kept as written, and is no new generation of a deployment', `${apps}/deployments`, workload],
    ['leaves the template of a daemon set', `${apps}/daemonsets`, workload],
    [
      'changes nothing that a stateful set may not change',
      `${apps}/statefulsets`,
      (cpu: string) => ({
        ...workload(cpu),
        serviceName: 's',
        volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: claim(cpu) }],
      }),
    ],
    ['changes nothing that a claim may not change', `${core}/persistentvolumeclaims`, claim],
    [
      'changes nothing of a resource claim',
      '/apis/resource.k8s.io/v1/namespaces/default/resourceclaims',
      (m: string) => ({ devices: { requests: [request(m)] } }),
    ],
  ])('%s', async (_, path, spec) => {
    await using server = await startClusterServer()
    const made = good<KubeObject>(await server.request('POST', path, { metadata: { name: 'a' }, spec: spec('1e3') }))
    const put = await server.request('PUT', `${path}/a`, { metadata: { name: 'a' }, spec: spec('1k') })
    const next = good<KubeObject>(put)
    expect(next.metadata.generation).toEqual(made.metadata.generation)
    expect(next.metadata.annotations).toEqual(made.metadata.annotations)
    expect(next.metadata.resourceVersion).not.toBe(made.metadata.resourceVersion)
    expect(JSON.stringify(next)).toContain('"1k"')
  })

  test('changes nothing that a pod may not change', async () => {
    await using server = await startClusterServer()
    await server.request('POST', `${core}/serviceaccounts`, { metadata: { name: 'default' } })
    const spec = { automountServiceAccountToken: false, serviceAccountName: 'default' }
    const pod = (cpu: string): object => ({ metadata: { name: 'a' }, spec: { ...spec, containers: [container(cpu)] } })
    const made = good<KubeObject>(await server.request('POST', `${core}/pods`, pod('1')))
    const next = good<KubeObject>(await server.request('PUT', `${core}/pods/a`, pod('+1')))
    expect(next.metadata.generation).toBe(made.metadata.generation)
    expect((await server.request('PUT', `${core}/pods/a`, pod('2'))).code).toBe(422)
  })
})

test('the resource of a container that is scaled by is told as it was sent where it is no name', async () => {
  await using server = await startClusterServer()
  const target = { type: 'Utilization', averageUtilization: 50 }
  const metrics = [{ type: 'ContainerResource', containerResource: { name: '<x>', container: 'c', target } }]
  const spec = { maxReplicas: 2, scaleTargetRef: { kind: 'D', name: 'x' }, metrics }
  const path = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers'
  const answer = await server.request('POST', path, { metadata: { name: 'a' }, spec })
  expect(JSON.stringify(refusals(answer))).toMatch(/containerResource\.name.*Invalid value: \\"<x>\\"/)
})
