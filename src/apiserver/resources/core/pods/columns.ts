import type { ContainerStatus, Pod } from '#api/core/v1'
import { humanDuration } from '#machinery'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import type { TableColumns } from '../../../table/columns.ts'
import { isSidecar } from '../pod-spec/visit.ts'
import { conditionStatus } from './conditions.ts'

/** What the statuses of containers come to. */
interface Summary {
  ready: number
  restarts: number
  /** Milliseconds since 1970 of the end of the run before this one, the newest of all. */
  lastRestart: number | undefined
  status: string
}

/** How `kubectl get pods` shows a pod. */
export const podColumns: TableColumns = tableColumns<Pod>(
  [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Ready', type: 'string' },
    { name: 'Status', type: 'string' },
    { name: 'Restarts', type: 'string' },
    { name: 'Age', type: 'string' },
    { name: 'IP', type: 'string', priority: 1 },
    { name: 'Node', type: 'string', priority: 1 },
    { name: 'Nominated Node', type: 'string', priority: 1 },
    { name: 'Readiness Gates', type: 'string', priority: 1 },
  ],
  (pod, now) => {
    const { spec, status } = pod
    const { ready, restarts, lastRestart, status: shown } = summarize(pod)
    const total = (spec?.containers ?? []).length + (spec?.initContainers ?? []).filter(isSidecar).length
    const ago = restarts !== 0 && lastRestart !== undefined ? ` (${humanDuration(now - lastRestart)} ago)` : ''
    const conditions = completed[status?.phase ?? '']
    return {
      cells: [
        pod.metadata.name ?? '',
        `${ready}/${total}`,
        shown,
        `${restarts}${ago}`,
        ageOf(pod, now),
        status?.podIPs?.[0]?.ip || '<none>',
        spec?.nodeName || '<none>',
        status?.nominatedNodeName || '<none>',
        readinessGates(pod),
      ],
      ...(conditions === undefined ? {} : { conditions }),
    }
  },
)

const completed: { readonly [phase: string]: NonNullable<ReturnType<TableColumns['row']>['conditions']> } = {
  Succeeded: [
    { type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' },
  ],
  Failed: [{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }],
}

function readinessGates(pod: Pod): string {
  const gates = pod.spec?.readinessGates ?? []
  if (gates.length === 0) return '<none>'
  const open = gates.filter(({ conditionType }) => conditionStatus(pod, conditionType) === 'True')
  return `${open.length}/${gates.length}`
}

function summarize(pod: Pod): Summary {
  const { status, metadata } = pod
  const summary: Summary = {
    ready: 0,
    restarts: 0,
    lastRestart: undefined,
    status: status?.reason || (status?.phase ?? ''),
  }
  if (status?.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated'))
    summary.status = 'SchedulingGated'
  const sidecars: Restarts = { restarts: 0, lastRestart: undefined }
  const initializing = summarizeInit(pod, summary, sidecars)
  if (!initializing || conditionStatus(pod, 'Initialized') === 'True') summarizeMain(pod, summary, sidecars)
  if (metadata.deletionTimestamp !== undefined) {
    if (status?.reason === 'NodeLost') summary.status = 'Unknown'
    else if (status?.phase !== 'Failed' && status?.phase !== 'Succeeded') summary.status = 'Terminating'
  }
  return summary
}

type Restarts = Pick<Summary, 'restarts' | 'lastRestart'>

function count(total: Restarts, container: ContainerStatus): void {
  total.restarts += container.restartCount
  const ended = container.lastState?.terminated?.finishedAt
  if (ended) total.lastRestart = Math.max(total.lastRestart ?? -Infinity, Date.parse(ended))
}

/** Goes through init containers up to the one that holds the pod; answers whether there is one. */
function summarizeInit(pod: Pod, summary: Summary, sidecars: Restarts): boolean {
  const specs = pod.spec?.initContainers ?? []
  for (const [index, container] of (pod.status?.initContainerStatuses ?? []).entries()) {
    // Mostly they stand in the same order.
    const spec =
      specs[index]?.name === container.name ? specs[index] : specs.find(({ name }) => name === container.name)
    const sidecar = spec !== undefined && isSidecar(spec)
    count(summary, container)
    if (sidecar) count(sidecars, container)
    const { terminated, waiting } = container.state ?? {}
    if (terminated?.exitCode === 0) continue
    if (sidecar && container.started === true) {
      if (container.ready) summary.ready++
      continue
    }
    if (terminated) summary.status = `Init:${endOf(terminated)}`
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') summary.status = `Init:${waiting.reason}`
    else summary.status = `Init:${index}/${specs.length}`
    return true
  }
  return false
}

function endOf({ reason = '', signal = 0, exitCode }: { reason?: string; signal?: number; exitCode: number }): string {
  if (reason !== '') return reason
  return signal === 0 ? `ExitCode:${exitCode}` : `Signal:${signal}`
}

function summarizeMain(pod: Pod, summary: Summary, sidecars: Restarts): void {
  summary.restarts = sidecars.restarts
  summary.lastRestart = sidecars.lastRestart
  let running = false
  let failure = ''
  for (const container of [...(pod.status?.containerStatuses ?? [])].reverse()) {
    count(summary, container)
    const { terminated, waiting, running: runs } = container.state ?? {}
    if (waiting?.reason) summary.status = waiting.reason
    else if (terminated) {
      summary.status = endOf(terminated)
      if (terminated.exitCode !== 0) failure = summary.status
    } else if (container.ready && runs) {
      running = true
      summary.ready++
    }
  }
  if (summary.status !== 'Completed') return
  if (running && conditionStatus(pod, 'Ready') === 'True') summary.status = 'Running'
  else if (failure !== '') summary.status = failure
  else if (running) summary.status = 'NotReady'
}
