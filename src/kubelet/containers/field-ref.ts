import type { ResourceList } from '#machinery'
import type { Container, ObjectFieldSelector, Pod, ResourceFieldSelector } from '#api/core/v1'
import { amountOf, Quantity } from '#machinery'
import { containerNamed, specOf } from '../pods/containers.ts'

/** What is known of a pod on its node, for fields of its status. */
export interface PodAddresses {
  /** The primary one first. */
  readonly podIPs: readonly string[]
  readonly hostIPs: readonly string[]
}

const metadataFields: ReadonlySet<string> = new Set([
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
])

/**
 * Value of a pod's field for the downward API.
 *
 * @throws Error with the message users see.
 */
export function podField(pod: Pod, selector: ObjectFieldSelector, addresses: PodAddresses): string {
  const { apiVersion = 'v1', fieldPath } = selector
  if (apiVersion !== 'v1') throw new Error(`unsupported pod version: ${apiVersion}`)
  if (metadataFields.has(fieldPath) || fieldPath.endsWith("']")) return metadataField(pod, fieldPath)
  const spec = specOf(pod)
  switch (fieldPath) {
    case 'spec.nodeName':
    case 'spec.host':
      return spec.nodeName ?? ''
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? ''
    case 'status.hostIP':
      return addresses.hostIPs[0] ?? ''
    case 'status.hostIPs':
      return addresses.hostIPs.join(',')
    case 'status.podIP':
      return addresses.podIPs[0] ?? ''
    case 'status.podIPs':
      return addresses.podIPs.join(',')
    case 'spec.restartPolicy':
    case 'spec.schedulerName':
    case 'status.phase':
      throw new Error(`unsupported fieldPath: ${fieldPath}`)
    default:
      throw new Error(`field label not supported: ${fieldPath}`)
  }
}

/** Value of a field of the metadata: all that downward API volumes may name. */
export function metadataField(pod: Pod, fieldPath: string): string {
  const { metadata } = pod
  const subscripted = /^([^[]+)\['(.*)'\]$/.exec(fieldPath)
  if (subscripted) {
    const [, path = '', key = ''] = subscripted
    if (path === 'metadata.annotations') return metadata.annotations?.[key] ?? ''
    if (path === 'metadata.labels') return metadata.labels?.[key] ?? ''
    throw new Error(`field label does not support subscript: ${fieldPath}`)
  }
  switch (fieldPath) {
    case 'metadata.annotations':
      return formatMap(metadata.annotations ?? {})
    case 'metadata.labels':
      return formatMap(metadata.labels ?? {})
    case 'metadata.name':
      return metadata.name ?? ''
    case 'metadata.namespace':
      return metadata.namespace ?? ''
    case 'metadata.uid':
      return metadata.uid ?? ''
    default:
      throw new Error(`unsupported fieldPath: ${fieldPath}`)
  }
}

/** `key="value"` lines, sorted by key. */
function formatMap(map: { readonly [key: string]: string }): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join('\n')
}

/**
 * Value of a container's resource for the downward API: in units of the divisor, rounded up. A limit that is not set
 * is what the node has to give.
 *
 * @throws Error with the message users see.
 */
export function resourceField(
  pod: Pod,
  container: Container | undefined,
  selector: ResourceFieldSelector,
  allocatable: ResourceList,
): string {
  const { containerName = '', resource, divisor = '0' } = selector
  const found = containerName === '' ? container : containerNamed(pod, containerName)
  if (!found) throw new Error(`container ${containerName} not found`)
  const [list, ...rest] = resource.split('.')
  const name = rest.join('.')
  const isKnown = name === 'cpu' || name === 'memory' || name === 'ephemeral-storage' || name.startsWith('hugepages-')
  if ((list !== 'limits' && list !== 'requests') || !isKnown) {
    throw new Error(`Unsupported container resource : ${resource}`)
  }
  const text = list === 'limits' ? limitOf(pod, found, name, allocatable) : found.resources?.requests?.[name]
  const value = text === undefined ? Quantity.zero : amountOf(text)
  const unit = amountOf(divisor).isZero() ? Quantity.of(1) : amountOf(divisor)
  if (name === 'cpu') return String(Math.ceil(value.milliValue() / unit.milliValue()))
  return String(Math.ceil(value.value() / unit.value()))
}

function limitOf(pod: Pod, container: Container, name: string, allocatable: ResourceList): string | undefined {
  const own = container.resources?.limits?.[name]
  if (own !== undefined && !amountOf(own).isZero()) return own
  const podLevel = specOf(pod).resources?.limits?.[name]
  if (podLevel !== undefined && !amountOf(podLevel).isZero()) return podLevel
  return name.startsWith('hugepages-') ? own : allocatable[name]
}
