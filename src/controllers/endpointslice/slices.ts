import { deepEqual } from '#base'
import { services } from '#api/core/v1'
import type { Service } from '#api/core/v1'
import type { Endpoint, EndpointPort, EndpointSlice } from '#api/discovery/v1'
import { controllerReference } from '#client'
import { nameIsDNSSubdomain } from '#machinery'
import type { ObjectMeta } from '#machinery'
import { hasClusterIP } from '../endpoints/labels.ts'

export const serviceNameLabel = 'kubernetes.io/service-name'
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by'
const headless = 'service.kubernetes.io/headless'
export const triggerTimeAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time'

export type AddressType = EndpointSlice['addressType']

type Labels = { readonly [key: string]: string }

/** A slice as it is to be written. One without a name is new. */
export interface Draft {
  readonly metadata: ObjectMeta
  readonly addressType: AddressType
  readonly ports: readonly EndpointPort[]
  endpoints: Endpoint[]
}

/** What is to become of slices. */
export interface SlicePlan {
  create: Draft[]
  update: Draft[]
  remove: EndpointSlice[]
}

/** The endpoints of a slice. Servers say `null` where there are none. */
export const endpointsOf = ({ endpoints }: Pick<EndpointSlice, 'endpoints'>): readonly Endpoint[] => endpoints ?? []

/** The ports of a slice. Servers say `null` where there are none. */
export const portsOf = ({ ports }: Pick<EndpointSlice, 'ports'>): readonly EndpointPort[] => ports ?? []

export function draftOf(slice: EndpointSlice, changes: { labels?: Labels; endpoints?: Endpoint[] } = {}): Draft {
  const { metadata, addressType } = slice
  return {
    metadata: changes.labels ? { ...metadata, labels: changes.labels } : metadata,
    addressType,
    ports: portsOf(slice),
    endpoints: changes.endpoints ?? [...endpointsOf(slice)],
  }
}

/** A slice without endpoints, as it is created for a Service. */
export function newDraft(
  service: Service,
  addressType: AddressType,
  ports: readonly EndpointPort[],
  manager: string,
): Draft {
  const { name = '', namespace = '' } = service.metadata
  return {
    metadata: {
      generateName: namePrefix(name),
      namespace,
      ownerReferences: [controllerReference(service, services)],
      labels: labelsFor(service, manager),
    },
    addressType,
    ports,
    endpoints: [],
  }
}

/** `<name>-`, or the name alone where that can't begin a name. */
export function namePrefix(name: string): string {
  return nameIsDNSSubdomain(`${name}-`, true).length === 0 ? `${name}-` : name
}

const isReserved = (key: string): boolean => key === serviceNameLabel || key === managedByLabel || key === headless

function unreserved(labels: Labels = {}): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !isReserved(key)))
}

/** Labels of a Service's slices: those of the Service, and what slices say themselves. */
export function labelsFor(service: Service, manager: string): Labels {
  return {
    ...unreserved(service.metadata.labels),
    ...(hasClusterIP(service) ? {} : { [headless]: '' }),
    [serviceNameLabel]: service.metadata.name ?? '',
    [managedByLabel]: manager,
  }
}

/** Whether a slice carries the labels of the Service; what slices say themselves does not count. */
export function labelsAgree(slice: EndpointSlice, service: Service): boolean {
  return deepEqual(unreserved(slice.metadata.labels), unreserved(service.metadata.labels))
}

export function isOwnedBy({ metadata }: EndpointSlice, service: Service): boolean {
  return (metadata.ownerReferences ?? []).some(
    ({ uid, kind, apiVersion }) => uid === service.metadata.uid && kind === 'Service' && apiVersion === 'v1',
  )
}

/** The annotation that tells what caused a write; taken away when nothing new did. */
export function withTriggerTime(metadata: ObjectMeta, time: string | undefined): ObjectMeta {
  const { [triggerTimeAnnotation]: _, ...others } = metadata.annotations ?? {}
  return { ...metadata, annotations: time === undefined ? others : { ...others, [triggerTimeAnnotation]: time } }
}
