import { validatingadmissionpolicies } from '#api/admissionregistration/v1'
import type { ValidatingAdmissionPolicy } from '#api/admissionregistration/v1'
import { events, pods } from '#api/core/v1'
import { poddisruptionbudgets } from '#api/policy/v1'
import { expect, test } from 'vitest'
import { appSelector, itemsOf, startCluster } from './cluster.ts'

test('a policy is told what its expressions ask of kinds that do not have it', async () => {
  await using cluster = await startCluster({})
  const { client } = cluster
  const policy = {
    metadata: { name: 'p' },
    spec: {
      matchConstraints: {
        resourceRules: [
          {
            operations: ['CREATE'],
            apiGroups: ['apps'],
            apiVersions: ['v1'],
            resources: ['deployments', 'replicasets'],
          },
        ],
      },
      variables: [{ name: 'wanted', expression: 'object.spec.replicas' }],
      validations: [
        {
          expression: 'object.spec.replicas > 1 && variables.wanted < 10',
          messageExpression: '"only " + string(object.spec.x)',
        },
        { expression: 'variables.wanted == "a" && object.spec.strategy.type == "x"' },
        { expression: 'object.spec.template.spec.containers.all(c, c.image.startsWith("x") && c.ports[0].name == 1)' },
      ],
    },
  }
  await client.create(validatingadmissionpolicies, policy as unknown as ValidatingAdmissionPolicy)
  const read = async (): Promise<ValidatingAdmissionPolicy> => client.get(validatingadmissionpolicies, { name: 'p' })
  await cluster.until('a status', async () => (await read()).status?.observedGeneration !== undefined)
  const { status } = await read()
  const at = (kind: string, text: string): string => `apps/v1, Kind=${kind}: ${text}`
  expect(status?.typeChecking?.expressionWarnings?.map(({ fieldRef }) => fieldRef)).toEqual([
    'spec.validations[0].messageExpression',
    'spec.validations[1].expression',
    'spec.validations[2].expression',
  ])
  const [message, compared] = status?.typeChecking?.expressionWarnings ?? []
  const missing =
    'ERROR: <input>:1:29: undefined field \'x\'\n | "only " + string(object.spec.x)\n | ............................^\n'
  expect(message?.warning).toBe([at('Deployment', missing), at('ReplicaSet', missing)].join('\n'))
  expect(compared?.warning).toContain("found no matching overload for '_==_' applied to '(int, string)'")
  expect(compared?.warning).toContain("undefined field 'strategy'")
})

test('a pod that several budgets select is told of', async () => {
  await using cluster = await startCluster({})
  const { client } = cluster
  const spec = { minAvailable: 1, selector: appSelector }
  const namespace = 'default'
  for (const name of ['one', 'two']) await client.create(poddisruptionbudgets, { metadata: { namespace, name }, spec })
  const labels = appSelector.matchLabels
  await client.create(pods, {
    metadata: { namespace, name: 'p', labels },
    spec: { containers: [{ name: 'main', image: 'a' }] },
  })
  const told = async (): Promise<readonly string[]> =>
    (await itemsOf(client, events))
      .filter(({ reason }) => reason === 'MultiplePodDisruptionBudgets')
      .map(({ involvedObject, type, message }) => `${type} ${involvedObject.name} ${message}`)
  await cluster.until('an event', async () => (await told()).length > 0)
  expect(await told()).toEqual([
    'Warning p Pod "default"/"p" matches multiple PodDisruptionBudgets.  Chose "one" arbitrarily.',
  ])
})
