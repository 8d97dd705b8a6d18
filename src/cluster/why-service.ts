import { namespaces, nodes, pods, services } from '#api/core/v1'
import type { Node, Pod } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import { networkpolicies } from '#api/networking/v1'
import type { Client } from '#client'
import { isForbidden, isNotFound, StatusError } from '#machinery'
import { clusterNetworkPolicies, clusterPolicyVersions, explainService } from '#proxy'
import type { ClusterNetworkPolicy, ServiceExplanation } from '#proxy'
import { usageError, UserError } from './user-error.ts'
import { asking, patience } from './why.ts'
import type { Question } from './why.ts'

export type { ServiceExplanation } from '#proxy'

export interface ServiceQuestion extends Question {
  /** Who asks: `pod/NAME`, `pod/NAMESPACE/NAME` or `node/NAME`; nobody in particular when absent. */
  readonly from?: string
  /** Name or number of the port; all when absent. */
  readonly port?: string
}

/**
 * Tells where packets for a Service end: from its name over address, rules and policies to the endpoints.
 *
 * @throws UserError when there is no such Service, or no way to ask.
 */
export const serviceReasons = (question: ServiceQuestion): Promise<ServiceExplanation> =>
  asking(question, (client, namespace) => ask(client, namespace, question))

async function ask(
  client: Client,
  namespace: string,
  { name, from, port }: ServiceQuestion,
): Promise<ServiceExplanation> {
  const signal = AbortSignal.timeout(patience)
  const service = await client.get(services, { namespace, name }, { signal }).catch((error: unknown) => {
    throw explained(error, `service ${namespace}/${name}`)
  })
  const known = (service.spec.ports ?? []).map((each) => each.name ?? String(each.port))
  if (
    port !== undefined &&
    !(service.spec.ports ?? []).some((each) => each.name === port || String(each.port) === port)
  ) {
    throw new UserError(`service ${namespace}/${name} has no port ${port}, it has ${known.join(', ')}`)
  }
  const labelSelector = `kubernetes.io/service-name=${name}`
  const listing = { signal }
  const [slices, allPods, allNodes, allNamespaces, policies, clusterPolicies] = await Promise.all([
    client.list(endpointslices, { namespace }, { labelSelector, signal }),
    client.list(pods, {}, listing),
    client.list(nodes, {}, listing),
    client.list(namespaces, {}, listing),
    client.list(networkpolicies, {}, listing),
    listClusterPolicies(client, signal),
  ]).catch((error: unknown) => {
    throw explained(error, `what service ${namespace}/${name} consists of`)
  })
  const source = from === undefined ? undefined : sourceOf(from, namespace, allPods.items, allNodes.items)
  return explainService({
    service,
    slices: slices.items,
    pods: allPods.items,
    nodes: allNodes.items,
    namespaces: allNamespaces.items,
    policies: policies.items,
    clusterPolicies,
    domain: 'cluster.local',
    ...(source ? { from: source } : {}),
    ...(port === undefined ? {} : { port }),
  })
}

/** None where the cluster does not know of any, or does not show them to us: it refuses before it says that they are not there. */
async function listClusterPolicies(client: Client, signal: AbortSignal): Promise<readonly ClusterNetworkPolicy[]> {
  for (const version of clusterPolicyVersions) {
    try {
      return (await client.list(clusterNetworkPolicies(version), {}, { signal })).items
    } catch (error) {
      if (isForbidden(error)) return []
      if (!isNotFound(error)) throw error
    }
  }
  return []
}

function sourceOf(
  from: string,
  namespace: string,
  allPods: readonly Pod[],
  allNodes: readonly Node[],
): { readonly pod: Pod } | { readonly node: Node } {
  const [kind = '', ...words] = from.split('/')
  const name = words.at(-1) ?? ''
  const place = words.length > 1 ? (words[0] ?? '') : namespace
  if (['node', 'nodes', 'no'].includes(kind)) {
    const node = allNodes.find(({ metadata }) => metadata.name === name)
    if (node) return { node }
    throw new UserError(`node ${name} does not exist`)
  }
  if (!['pod', 'pods', 'po'].includes(kind)) {
    throw usageError('--from wants who asks, as pod/NAME, pod/NAMESPACE/NAME or node/NAME')
  }
  const pod = allPods.find(({ metadata }) => metadata.namespace === place && metadata.name === name)
  if (!pod) throw new UserError(`pod ${place}/${name} does not exist`)
  if ((pod.status?.podIPs ?? []).length === 0)
    throw new UserError(`pod ${place}/${name} has no address yet: it can't ask`)
  return { pod }
}

function explained(error: unknown, what: string): UserError {
  if (isNotFound(error)) return new UserError(`${what} does not exist`, { cause: error })
  if (error instanceof StatusError) return new UserError(`${what} can't be read: ${error.message}`, { cause: error })
  return new UserError(`the API server does not answer: ${(error as Error).message}`, { cause: error })
}
