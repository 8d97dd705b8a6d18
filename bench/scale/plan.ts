import type { Deployment } from '#api/apps/v1'
import type { Service } from '#api/core/v1'

/** A Deployment that is created, with a Service of its own. */
export interface PlannedDeployment {
  readonly namespace: string
  readonly name: string
  readonly replicas: number
}

/** Pods of the Deployments of a namespace: half in small ones, a quarter in medium ones, a quarter in big ones. */
const sizes = [
  { size: 250, share: 1 / 4 },
  { size: 30, share: 1 / 4 },
  { size: 5, share: 1 / 2 },
] as const

const nodesPerNamespace = 100

/** So many pods for each node, as upstream's load test has them: a namespace for each hundred nodes. */
export function planDeployments(nodes: number, podsPerNode: number): PlannedDeployment[] {
  const pods = nodes * podsPerNode
  const count = Math.ceil(nodes / nodesPerNamespace)
  return Array.from({ length: count }, (_, index) => {
    const own = Math.floor((pods * (index + 1)) / count) - Math.floor((pods * index) / count)
    return mixed(own).map((replicas, at) => ({ namespace: `load-${index}`, name: `app-${at}`, replicas }))
  }).flat()
}

/** Sizes in an order in which small and big ones come in turn. */
function mixed(pods: number): number[] {
  const found: { readonly size: number; readonly at: number }[] = []
  let left = pods
  for (const { size, share } of sizes) {
    const count = Math.floor((pods * share) / size)
    for (let index = 0; index < count; index++) found.push({ size, at: (index + 0.5) / count })
    left -= count * size
  }
  const ordered = found.sort((a, b) => a.at - b.at).map(({ size }) => size)
  return left > 0 ? [...ordered, left] : ordered
}

export const serviceOf = ({ namespace, name }: PlannedDeployment): Service => ({
  metadata: { namespace, name },
  spec: { selector: { app: name }, ports: [{ port: 80 }] },
})

/** @param version tells one template from the next. */
export function deploymentOf({ namespace, name, replicas }: PlannedDeployment, version: string = '1'): Deployment {
  const labels = { app: name }
  return {
    metadata: { namespace, name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'main',
              image: 'registry.k8s.io/pause:3.10',
              env: [{ name: 'VERSION', value: version }],
              resources: { requests: { cpu: '10m', memory: '10M' } },
            },
          ],
        },
      },
    },
  }
}
