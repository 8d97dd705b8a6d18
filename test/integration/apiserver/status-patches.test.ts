import { expect, test } from 'vitest'
import { startTestServer } from './server.ts'

const template = {
  metadata: { labels: { app: 'a' } },
  spec: { containers: [{ name: 'c', image: 'i' }] },
}

/** Objects whose defaults write into their specs, with what a status patch of them says. */
const cases: readonly (readonly [collection: string, object: object, status: object])[] = [
  ['/api/v1/nodes', { spec: { podCIDRs: ['10.1.0.0/24'] } }, { phase: 'Running' }],
  [
    '/apis/apps/v1/namespaces/default/statefulsets',
    {
      spec: {
        serviceName: 's',
        selector: { matchLabels: { app: 'a' } },
        template,
        volumeClaimTemplates: [
          {
            metadata: { name: 'v' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
      },
    },
    { replicas: 1 },
  ],
  [
    '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers',
    {
      spec: {
        maxReplicas: 3,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' },
        behavior: { scaleDown: { selectPolicy: 'Min' } },
      },
    },
    { currentReplicas: 1, desiredReplicas: 2 },
  ],
]

test.each(cases)('a status patch in %s leaves the spec as it was', async (collection, object, status) => {
  await using server = await startTestServer()
  const name = 'x'
  const created = await server.request('POST', collection, { metadata: { name }, ...object })
  expect(created.code).toBe(201)
  const { spec } = created.body as { readonly spec: object }
  for (const type of ['application/strategic-merge-patch+json', 'application/merge-patch+json']) {
    const headers = { 'content-type': type }
    const patched = await server.request('PATCH', `${collection}/${name}/status`, { status }, headers)
    expect([patched.code, patched.body]).toMatchObject([200, { spec, status }])
  }
})
