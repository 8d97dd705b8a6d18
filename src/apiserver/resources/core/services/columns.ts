import type { LoadBalancerStatus, Service, ServicePort } from '#api/core/v1'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import type { TableColumns } from '../../../table/columns.ts'
import { formatLabels } from '../../common/cells.ts'

export const serviceColumns: TableColumns = tableColumns<Service>(
  [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Type', type: 'string' },
    { name: 'Cluster-IP', type: 'string' },
    { name: 'External-IP', type: 'string' },
    { name: 'Port(s)', type: 'string' },
    { name: 'Age', type: 'string' },
    { name: 'Selector', type: 'string', priority: 1 },
  ],
  (service, now) => {
    const { metadata, spec } = service
    return {
      cells: [
        metadata.name ?? '',
        spec.type ?? '',
        spec.clusterIPs?.[0] ?? '<none>',
        externalIPs(service),
        portsText(spec.ports ?? []),
        ageOf(service, now),
        formatLabels(spec.selector),
      ],
    }
  },
)

function externalIPs({ spec, status }: Service): string {
  const own = spec.externalIPs ?? []
  switch (spec.type) {
    case 'ClusterIP':
    case 'NodePort':
      return own.join(',') || '<none>'
    case 'LoadBalancer':
      return [...balancerAddresses(status?.loadBalancer), ...own].join(',') || '<pending>'
    case 'ExternalName':
      return spec.externalName ?? ''
    default:
      return '<unknown>'
  }
}

function balancerAddresses(status: LoadBalancerStatus | undefined): readonly string[] {
  const addresses = (status?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '')
  return [...new Set(addresses)].filter((address) => address !== '').sort()
}

function portsText(ports: readonly ServicePort[]): string {
  const text = ports.map(({ port, nodePort, protocol = '' }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  )
  return text.join(',') || '<none>'
}
