import type { Row } from '../report/row.ts'

const row = (id: string, title: string, unit: string, more: Partial<Row> = {}): Row => ({
  id,
  title,
  unit,
  better: 'less',
  ...more,
})

const scale = (id: string, ...rest: [string, string, Partial<Row>?]): Row => row(`scale.${id}`, ...rest)
const rollout = (id: string, ...rest: [string, string, Partial<Row>?]): Row => row(`rollout.${id}`, ...rest)

export const nodesReady = scale('nodes', 'simulated nodes registered and without taints', 's')
export const filled = scale('pods', 'pods of Deployments created and running, at a steady rate', '/s', {
  better: 'more',
})
export const filledStart = scale('pods.start', 'start of one of them, from its creation to the event, 99 of 100', 's')
export const start = scale('start', 'start of a pod when all of them are there, 99 of 100', 's', { limit: 5 })
export const mutating = scale('mutating', 'slowest kind of mutating request, 99 of 100', 's', { limit: 1 })
export const reading = scale('reading', 'slowest kind of GET and LIST in a namespace, 99 of 100', 's', { limit: 5 })
export const listing = scale('listing', 'slowest kind of LIST of all namespaces, 99 of 100', 's', { limit: 30 })
export const cost = scale('cost', 'processor time of a pod until it runs', 'ms')
export const idle = scale('idle', 'processor time while nothing happens', '%')
export const memory = scale('memory', 'memory with all nodes and pods', 'MB')

export const rolled = (deployments: number, replicas: number): Row =>
  rollout('time', `rolling ${deployments} Deployments of ${replicas} pods at once, until the last is through`, 's')
export const least = rollout('available', 'least pods of a Deployment that were available on the way', '', {
  better: 'more',
})
export const others = rollout('others', 'what others waited for meanwhile, at most', 's')
export const queues = rollout('queue', 'longest wait of a key in a queue, 99 of 100', 's')
export const rolledMutating = rollout('mutating', mutating.title, 's', { limit: 1 })
export const rolledMemory = rollout('memory', 'memory after the rollout', 'MB')
