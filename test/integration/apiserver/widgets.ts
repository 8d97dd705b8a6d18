import { startClusterServer } from './server.ts'
import type { ClusterServer } from './server.ts'

export const group = '/apis/odd.example/v1'
export const widgets = `${group}/namespaces/default/widgets`
export const widget = (name: string): object => ({
  apiVersion: 'odd.example/v1',
  kind: 'Widget',
  metadata: { name },
  spec: { size: 1 },
})

/** A server with a custom resource that takes anything, with both subresources, and a first object of it, `a`. */
export async function serverOfWidgets(): Promise<ClusterServer> {
  const server = await startClusterServer()
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  const subresources = {
    scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' },
    status: {},
  }
  await server.request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    metadata: { name: 'widgets.odd.example' },
    spec: {
      group: 'odd.example',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema, subresources }],
    },
  })
  await server.clock.advance(10_000)
  await server.request('POST', widgets, widget('a'))
  return server
}
