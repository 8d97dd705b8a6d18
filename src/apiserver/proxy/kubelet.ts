import type { Node, Pod } from '#api/core/v1'
import { badRequest, notFound } from '#machinery'
import type { RequestContext } from '../request/context.ts'
import type { Services } from '../services.ts'
import type { Backend } from './backend.ts'

const kubeletPort = 10_250

/**
 * How a node's kubelet is reached. A node that is gone is reported as of the kind that was asked about, `resource`.
 * @throws StatusError NotFound; Error when the node has no address
 */
export function kubeletOf(name: string, { peek, settings }: Services, resource = 'pods'): Backend {
  const node = peek<Node>('', 'nodes', '', name)
  if (!node) throw notFound({ group: '', resource }, name)
  const addresses = node.status?.addresses ?? []
  const [first] = settings.kubeletAddressTypes.flatMap((type) => addresses.filter((address) => address.type === type))
  if (!first) {
    const known = addresses.map(({ type, address }) => `{${type} ${address}}`).join(' ')
    throw new Error(`no preferred addresses found; known addresses: [${known}]`)
  }
  const port = node.status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 0
  return { kind: 'kubelet', scheme: 'https', host: first.address, port: port > 0 ? port : kubeletPort }
}

/** @throws StatusError NotFound */
export function podNamed(name: string, { services, info }: RequestContext): Pod {
  const pod = services.peek<Pod>('', 'pods', info.namespace, name)
  if (!pod) throw notFound({ group: '', resource: 'pods' }, name)
  return pod
}

/**
 * The container that a request is about: the one it names, or the only one there is.
 * @throws StatusError BadRequest
 */
export function containerOf(pod: Pod, wanted: string): string {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec ?? { containers: [] }
  const names = [...initContainers, ...containers, ...ephemeralContainers].map(({ name }) => name)
  const pods = pod.metadata.name ?? ''
  if (wanted !== '') {
    if (!names.includes(wanted)) throw badRequest(`container ${wanted} is not valid for pod ${pods}`)
    return wanted
  }
  const [only, ...others] = containers
  if (only && others.length === 0) return only.name
  const choice = only ? `, choose one of: [${names.join(' ')}]` : ''
  throw badRequest(`a container name must be specified for pod ${pods}${choice}`)
}
