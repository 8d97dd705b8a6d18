import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus } from '#api/autoscaling/v2'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import type { TableColumns } from '../../../table/columns.ts'

const maxMetrics = 2

export const autoscalerColumns: TableColumns = tableColumns<HorizontalPodAutoscaler>(
  [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Reference', type: 'string' },
    { name: 'Targets', type: 'string' },
    { name: 'MinPods', type: 'string' },
    { name: 'MaxPods', type: 'string' },
    { name: 'Replicas', type: 'string' },
    { name: 'Age', type: 'string' },
  ],
  (autoscaler, now) => {
    const { metadata, spec, status } = autoscaler
    const { kind, name } = spec.scaleTargetRef
    return {
      cells: [
        metadata.name ?? '',
        `${kind}/${name}`,
        formatMetrics(spec.metrics ?? [], status?.currentMetrics ?? []),
        spec.minReplicas === undefined ? '<unset>' : String(spec.minReplicas),
        spec.maxReplicas,
        status?.currentReplicas ?? 0,
        ageOf(autoscaler, now),
      ],
    }
  },
)

function formatMetrics(specs: readonly MetricSpec[], statuses: readonly MetricStatus[]): string {
  if (specs.length === 0) return '<none>'
  const shown = specs.slice(0, maxMetrics).map((spec, index) => formatMetric(spec, statuses[index]))
  const more = specs.length > maxMetrics ? ` + ${specs.length - maxMetrics} more...` : ''
  return shown.join(', ') + more
}

const unknown = '<unknown>'

/** A status that is there, but says another figure than was asked for. */
const amount = (quantity: string | undefined): string => quantity ?? '<nil>'

function formatMetric(spec: MetricSpec, status: MetricStatus | undefined): string {
  switch (spec.type) {
    case 'External':
      return formatValue(spec.external?.target, status?.external?.current)
    case 'Object':
      return formatValue(spec.object?.target, status?.object?.current)
    case 'Pods':
      return `${status?.pods ? amount(status.pods.current.averageValue) : unknown}/${amount(spec.pods?.target.averageValue)}`
    case 'Resource':
      return formatResource(spec.resource, status?.resource)
    case 'ContainerResource':
      return formatResource(spec.containerResource, status?.containerResource)
    default:
      return '<unknown type>'
  }
}

interface Figures {
  readonly value?: string
  readonly averageValue?: string
  readonly averageUtilization?: number
}

function formatValue(target: Figures | undefined, current: Figures | undefined): string {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? unknown}/${target.averageValue} (avg)`
  return `${current ? amount(current.value) : unknown}/${amount(target?.value)}`
}

function formatResource(
  spec: { readonly name: string; readonly target: Figures } | undefined,
  status: { readonly current: Figures } | undefined,
): string {
  const { averageValue, averageUtilization } = spec?.target ?? {}
  const current = status?.current
  const name = spec?.name ?? ''
  if (averageValue !== undefined) return `${name}: ${current ? amount(current.averageValue) : unknown}/${averageValue}`
  const percent = (figure: number | undefined, none: string): string => (figure === undefined ? none : `${figure}%`)
  return `${name}: ${percent(current?.averageUtilization, unknown)}/${percent(averageUtilization, '<auto>')}`
}
