import type { Draft } from '#api'
import type { EndpointSlice } from '#api/discovery/v1'
import { semanticEqual } from '#base'
import { Path, warningsForIP } from '#machinery'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { firstThree } from '../../common/cells.ts'
import { raiseGeneration, startGeneration } from '../../common/generation.ts'
import { validateEndpointSlice, validateEndpointSliceUpdate } from './validation.ts'

export const endpointSlicesRegistration: ResourceRegistration = {
  place: 'discovery/v1',
  plural: 'endpointslices',
  strategy: strategy<EndpointSlice>({
    prepareForCreate(draft) {
      startGeneration(draft)
      dropTopology(draft)
    },
    prepareForUpdate(draft, old) {
      if (!sameContent(draft, old)) raiseGeneration(draft, old)
      if (!semanticEqual(draft.endpoints, old.endpoints)) dropTopology(draft, old)
    },
    validate: validateEndpointSlice,
    validateUpdate: validateEndpointSliceUpdate,
    warningsOnCreate: (slice) => [
      ...(slice.addressType === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : []),
      ...warningsForAddresses(slice),
    ],
    warningsOnUpdate: warningsForAddresses,
  }),
  defaults: defaults<EndpointSlice>((draft) => {
    for (const port of draft.ports ?? []) {
      port.name ??= ''
      port.protocol ??= 'TCP'
    }
  }),
  columns: tableColumns<EndpointSlice>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'AddressType', type: 'string' },
      { name: 'Ports', type: 'string' },
      { name: 'Endpoints', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (slice, now) => {
      const ports = (slice.ports ?? []).map(({ port, name }) => (port === undefined ? (name ?? '*') : String(port)))
      const addresses = (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses ?? [])
      return {
        cells: [
          slice.metadata.name ?? '',
          slice.addressType,
          firstThree(ports, '<unset>'),
          firstThree(addresses, '<unset>'),
          ageOf(slice, now),
        ],
      }
    },
  ),
}

const contents = ['addressType', 'endpoints', 'ports'] as const

function sameContent(draft: Draft<EndpointSlice>, old: EndpointSlice): boolean {
  return (
    contents.every((field) => semanticEqual(draft[field] ?? [], old[field] ?? [])) &&
    semanticEqual(draft.metadata.labels ?? {}, old.metadata.labels ?? {})
  )
}

const hostLabel = 'kubernetes.io/hostname'

/** The labels that once told of an endpoint's place can't be written; the node they named is kept in its own field. */
function dropTopology(draft: Draft<EndpointSlice>, old?: EndpointSlice): void {
  const nodes = new Set((old?.endpoints ?? []).map((endpoint) => endpoint.deprecatedTopology?.[hostLabel]))
  if (!draft.endpoints?.some((endpoint) => endpoint.deprecatedTopology)) return
  draft.endpoints = draft.endpoints.map((endpoint) => {
    const { deprecatedTopology, ...rest } = endpoint
    const node = deprecatedTopology?.[hostLabel]
    return node && rest.nodeName === undefined && nodes.has(node) ? { ...rest, nodeName: node } : rest
  })
}

const controllers = ['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io']

/** The cluster's own controllers copy what others wrote, and can't help it. */
function warningsForAddresses({ metadata, endpoints }: EndpointSlice): readonly string[] {
  if (controllers.includes(metadata.labels?.['endpointslice.kubernetes.io/managed-by'] ?? '')) return []
  return (endpoints ?? []).flatMap((endpoint, i) =>
    (endpoint.addresses ?? []).flatMap((address, j) =>
      warningsForIP(Path.of('endpoints').index(i).child('addresses').index(j), address),
    ),
  )
}
