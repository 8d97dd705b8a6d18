import { expect, test } from 'vitest'
import { nodes, pods } from '#api/core/v1'
import type { Node } from '#api/core/v1'
import { makeNode, makePod, startCluster } from '../../testing/cluster.ts'

const feature = 'RestartAllContainersOnContainerExits'

function declaring(name: string): Node {
  const node = makeNode(name)
  return { ...node, status: { ...node.status, declaredFeatures: [feature] } }
}

const restarting = {
  containers: [
    {
      name: 'main',
      image: 'a',
      restartPolicy: 'Never' as const,
      restartPolicyRules: [
        {
          action: 'RestartAllContainers' as const,
          exitCodes: { operator: 'In' as const, values: [42] },
        },
      ],
    },
  ],
}

test('a pod that needs a feature of the node agent goes where that is declared, and waits until it is', async () => {
  await using cluster = await startCluster({ nodes: [makeNode('plain')] })
  cluster.client.put(pods, makePod('plain'))
  cluster.client.put(pods, makePod('needy', restarting))
  await cluster.settle()
  expect(cluster.nodeOf('plain')).toBe('plain')
  expect(cluster.whyNot('needy')).toContain("0/1 nodes are available: 1 node(s) didn't match Pod's required features")
  cluster.client.put(nodes, declaring('able'))
  await cluster.settle(2000)
  expect(cluster.nodeOf('needy')).toBe('able')
})
