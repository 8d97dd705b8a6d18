import { expect, test } from 'vitest'
import { clusterrolebindings, rolebindings } from '#api/rbac/v1'
import { controllers } from '#controllers'
import { startClusterServer } from '../apiserver/server.ts'

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
