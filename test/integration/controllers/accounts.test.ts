import { expect, test } from 'vitest'
import { configmaps } from '#api/core/v1'
import { clusterrolebindings, rolebindings } from '#api/rbac/v1'
import { controllers } from '#controllers'
import { startClusterServer } from '../apiserver/server.ts'
import { itemsOf, startCluster } from './cluster.ts'

test('every controller runs as an account that has been given rights', async () => {
  await using server = await startClusterServer()
  const bindings = [
    ...(await server.client.list(clusterrolebindings)).items,
    ...(await server.client.list(rolebindings)).items,
  ]
  const accounts = new Set(
    bindings.flatMap(({ subjects = [] }) =>
      subjects.filter(({ kind }) => kind === 'ServiceAccount').map(({ name }) => name),
    ),
  )
  const without = controllers
    .map(({ name, serviceAccount = name }) => serviceAccount)
    .filter((account) => account !== '' && !accounts.has(account))
  expect(without).toEqual([])
})

test.each([
  [true, 'certificates'],
  [false, ''],
])('namespaces get the authority of the API server: %s', async (rootCA, content) => {
  await using cluster = await startCluster({ select: ['root-ca-certificate-publisher-controller'], nodes: [], rootCA })
  const { client } = cluster
  await cluster.until('the ConfigMap', async () => (await itemsOf(client, configmaps)).length === 1, 5000)
  const { data } = await client.get(configmaps, { namespace: 'default', name: 'kube-root-ca.crt' })
  expect(data).toEqual({ 'ca.crt': content })
})
