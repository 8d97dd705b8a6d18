import type { Node } from '#api/core/v1'
import type { NodeMetrics } from '#api/metrics/v1beta1'
import { notFound } from '#machinery'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import type { Services } from '../../../services.ts'
import { tableColumns } from '../../../table/columns.ts'
import { apiVersion, group, isThere, metadataLike, place, usageColumns } from '../common.ts'
import { usageCollector } from '../usage/collector.ts'
import { intervalOf, quantitiesOf } from '../usage/usage.ts'

function metricsOf({ metadata }: Node, services: Services): NodeMetrics | undefined {
  const usage = usageCollector(services).node(metadata.name ?? '')
  if (!usage) return undefined
  return {
    kind: 'NodeMetrics',
    apiVersion,
    metadata: metadataLike(metadata, services),
    ...intervalOf(usage),
    usage: quantitiesOf(usage),
  }
}

export const nodeMetricsRegistration: ResourceRegistration = {
  place,
  plural: 'nodes',
  read: {
    async get(name, { services }) {
      const node = services.peek<Node>('', 'nodes', '', name)
      if (!node) throw notFound({ group: '', resource: 'nodes' }, name)
      await usageCollector(services).refresh([name])
      const metrics = metricsOf(node, services)
      if (!metrics) throw notFound({ group, resource: 'nodemetrics' }, name)
      return metrics
    },
    async list({ services }) {
      const nodes = [...services.peekAll<Node>('', 'nodes', '')]
      await usageCollector(services).refresh(nodes.map(({ metadata }) => metadata.name ?? ''))
      return nodes.map((node) => metricsOf(node, services)).filter(isThere)
    },
  },
  columns: tableColumns<NodeMetrics>(usageColumns, ({ metadata, usage, window }) => ({
    cells: [metadata.name ?? '', usage['cpu'] ?? '', usage['memory'] ?? '', window],
  })),
}
