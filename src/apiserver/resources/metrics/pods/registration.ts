import type { Pod } from '#api/core/v1'
import type { PodMetrics } from '#api/metrics/v1beta1'
import { notFound, Quantity } from '#machinery'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import type { Services } from '../../../services.ts'
import { tableColumns } from '../../../table/columns.ts'
import { apiVersion, group, isThere, metadataLike, place, usageColumns } from '../common.ts'
import { usageCollector } from '../usage/collector.ts'
import { intervalOf, quantitiesOf } from '../usage/usage.ts'

function metricsOf({ metadata, spec }: Pod, services: Services): PodMetrics | undefined {
  const { name = '', namespace = '' } = metadata
  const usages = usageCollector(services).pod(spec?.nodeName ?? '', namespace, name)
  // A pod's interval is that of the container whose look is the oldest.
  const [oldest] = [...usages.values()].sort((a, b) => a.at - b.at)
  if (!oldest) return undefined
  return {
    kind: 'PodMetrics',
    apiVersion,
    metadata: metadataLike(metadata, services),
    ...intervalOf(oldest),
    containers: [...usages].map(([container, usage]) => ({ name: container, usage: quantitiesOf(usage) })),
  }
}

export const podMetricsRegistration: ResourceRegistration = {
  place,
  plural: 'pods',
  read: {
    async get(name, { services, info }) {
      const pod = services.peek<Pod>('', 'pods', info.namespace, name)
      if (!pod) throw notFound({ group: '', resource: 'pods' }, name)
      await usageCollector(services).refresh(nodesOf([pod]))
      const metrics = metricsOf(pod, services)
      if (!metrics) throw notFound({ group, resource: 'podmetrics' }, `${info.namespace}/${name}`)
      return metrics
    },
    async list({ services, info }) {
      const pods = [...services.peekAll<Pod>('', 'pods', info.namespace)]
      await usageCollector(services).refresh(nodesOf(pods))
      return pods.map((pod) => metricsOf(pod, services)).filter(isThere)
    },
  },
  columns: tableColumns<PodMetrics>(usageColumns, ({ metadata, containers, window }) => {
    const sum = (resource: string): string =>
      containers.reduce((all, { usage }) => all.add(Quantity.parse(usage[resource] ?? '0')), Quantity.zero).toString()
    return { cells: [metadata.name ?? '', sum('cpu'), sum('memory'), window] }
  }),
}

/** Nodes on which pods run. */
function nodesOf(pods: readonly Pod[]): string[] {
  return pods.filter(({ status }) => status?.phase === 'Running').flatMap(({ spec }) => spec?.nodeName ?? [])
}
