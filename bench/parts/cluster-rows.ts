import type { Row } from '../report/row.ts'

const row = (id: string, title: string, unit: string, more: Partial<Row> = {}): Row => ({
  id: `cluster.${id}`,
  title,
  unit,
  better: 'less',
  ...more,
})

export const apiReady: Row = row('start.api', 'cluster: start to API ready', 'ms', { wanted: 3 })
export const nodeReady: Row = row('start.node', 'cluster: start to node ready', 'ms', { wanted: 2 })
export const startCost: Row = row('start.cost', 'cluster: processor time of a start', 'ms')
export const apiReadyAgain: Row = row('again.api', 'cluster: another start to API ready', 'ms')
export const idle: Row = row('idle.cpu', 'idle: processor time', '% of a core', { wanted: 1 })
export const idleRuntime: Row = row('idle.runtime', 'idle: processor time of containerd', '% of a core')
export const memoryIdle: Row = row('memory.idle', 'memory, idle', 'MB', { wanted: 3 })
export const memoryAfter: Row = row('memory.after', 'memory, after pods', 'MB', { wanted: 3 })
export const bareRuntime: Row = row('pod.runtime', 'a pod by bare calls of the runtime', 'ms')
export const podReady: Row = row('pod.ready', 'pod: create to Ready, one by one', 'ms', { wanted: 1 })
export const podBeyond: Row = row('pod.beyond', 'pod: of that, beyond the bare calls', 'ms', { limit: 80 })
export const podGone: Row = row('pod.gone', 'pod: delete to gone, one by one', 'ms')
export const podsReady: Row = row('pods.ready', 'many pods at once: all Ready', 'ms', { wanted: 2 })
export const podsCost: Row = row('pods.cost', 'many pods at once: processor time', 'ms')
export const podsGone: Row = row('pods.gone', 'many pods at once: all gone', 'ms')
export const agentMemory: Row = row('pods.memory', 'many pods: memory of the node agent', 'MB', { limit: 120 })
export const agentIdle: Row = row('pods.idle', 'many pods: processor time of the node agent', '% of a core', {
  limit: 1,
})
