import type { Endpoints } from '#api/core/v1'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { firstThree } from '../../common/cells.ts'
import { defaultEndpoints, endpointsStrategy } from './strategy.ts'
import { hostPort } from '#machinery'

export const endpointsRegistration: ResourceRegistration = {
  place: 'core/v1',
  plural: 'endpoints',
  prefix: '/registry/services/endpoints/',
  strategy: endpointsStrategy,
  defaults: defaults<Endpoints>(defaultEndpoints),
  deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  columns: tableColumns<Endpoints>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Endpoints', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (endpoints, now) => ({
      cells: [endpoints.metadata.name ?? '', addressesOf(endpoints), ageOf(endpoints, now)],
    }),
  ),
}

/** The first addresses, with their ports where there are any, and how many more. */
function addressesOf({ subsets = [] }: Endpoints): string {
  if (subsets.length === 0) return '<none>'
  const all = subsets.flatMap(({ addresses = [], ports = [] }) => {
    const ips = addresses.map(({ ip }) => ip)
    if (ports.length === 0) return ips
    return ports.flatMap(({ port }) => ips.map((ip) => hostPort(ip, port)))
  })
  return firstThree(all, '')
}
