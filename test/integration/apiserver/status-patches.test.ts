import { expect, test } from 'vitest'
import { startClusterServer } from './server.ts'

const template = {
  metadata: { labels: { app: 'a' } },
  spec: {
    containers: [{ name: 'a', image: 'a', ports: [{ containerPort: 80 }], resources: { limits: { cpu: '1' } } }],
    volumes: [{ name: 'v' }],
    serviceAccountName: 'robot',
  },
}
const selector = { matchLabels: { app: 'a' } }
const jobTemplate = { spec: { ...template.spec, restartPolicy: 'Never' } }
const claim = {
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
}
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }

/** Objects on which defaults have something to do, by the path of their collection. */
const specs: { readonly [path: string]: object } = {
  '/api/v1/nodes': { podCIDRs: ['10.1.0.0/24'] },
  '/apis/apps/v1/namespaces/default/deployments': { selector, template },
  '/apis/apps/v1/namespaces/default/replicasets': { selector, template },
  '/apis/apps/v1/namespaces/default/daemonsets': { selector, template },
  '/apis/apps/v1/namespaces/default/statefulsets': {
    selector,
    template,
    serviceName: 'a',
    volumeClaimTemplates: [claim],
  },
  '/apis/batch/v1/namespaces/default/jobs': { template: jobTemplate },
  '/apis/batch/v1/namespaces/default/cronjobs': {
    schedule: '* * * * *',
    jobTemplate: { spec: { template: jobTemplate } },
  },
  '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers': {
    scaleTargetRef,
    maxReplicas: 3,
    behavior: { scaleUp: { stabilizationWindowSeconds: 1 } },
  },
  '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers': { scaleTargetRef, maxReplicas: 3 },
  '/api/v1/namespaces/default/replicationcontrollers': { selector: { app: 'a' }, template },
  '/api/v1/namespaces/default/services': {
    type: 'LoadBalancer',
    sessionAffinity: 'ClientIP',
    ports: [{ port: 80 }],
    selector: { app: 'a' },
  },
  '/api/v1/namespaces/default/persistentvolumeclaims': claim.spec,
  '/apis/networking.k8s.io/v1/namespaces/default/ingresses': {
    defaultBackend: { service: { name: 'a', port: { number: 80 } } },
  },
}

test.for(Object.entries(specs))('a patch of the status at %s leaves the rest as it is', async ([path, spec]) => {
  await using server = await startClusterServer()
  const created = await server.request('POST', path, { metadata: { name: 'one' }, spec })
  expect(created).toMatchObject({ code: 201 })
  for (const type of ['merge-patch', 'strategic-merge-patch']) {
    const patch = { metadata: { annotations: { by: type } }, status: {} }
    const headers = { 'content-type': `application/${type}+json` }
    const { code, body } = await server.request('PATCH', `${path}/one/status`, patch, headers)
    expect({ code, spec: (body as { spec: object }).spec }).toEqual({
      code: 200,
      spec: (created.body as { spec: object }).spec,
    })
  }
})

test('a replication controller that loses its labels with its status is read with those of its template', async () => {
  await using server = await startClusterServer()
  const path = '/api/v1/namespaces/default/replicationcontrollers'
  await server.request('POST', path, { metadata: { name: 'a' }, spec: { replicas: 0, template } })
  const { body } = await server.request('PUT', `${path}/a/status`, { metadata: { name: 'a' }, status: { replicas: 0 } })
  expect(body).toMatchObject({ metadata: { labels: { app: 'a' } } })
  expect((await server.request('GET', `${path}/a`)).body).toMatchObject({ metadata: { labels: { app: 'a' } } })
})
