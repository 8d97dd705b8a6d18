import type { Row } from '../report/row.ts'

export const ready: Row = { id: 'api.ready', title: 'API server alone: start to ready', unit: 'ms', better: 'less' }
export const memoryIdle: Row = {
  id: 'api.memory.idle',
  title: 'API server alone: memory, idle',
  unit: 'MB',
  better: 'less',
}
export const create: Row = {
  id: 'api.create',
  title: 'durable create, 64 writers',
  unit: '/s',
  better: 'more',
  wanted: 4,
}
export const getPod: Row = {
  id: 'api.get',
  title: 'GET of a pod, 32 connections',
  unit: '/s',
  better: 'more',
  wanted: 5,
}
export const list: Row = {
  id: 'api.list',
  title: 'LIST of 10,000 ConfigMaps of 1 KB',
  unit: '/s',
  better: 'more',
  wanted: 5,
}
export const statusPatch: Row = {
  id: 'writes.status',
  title: 'durable patch of the status of a pod, 64 writers',
  unit: '/s',
  better: 'more',
  wanted: 4,
}
export const apply: Row = {
  id: 'writes.apply',
  title: 'server-side apply of a Deployment, 32 writers',
  unit: '/s',
  better: 'more',
  wanted: 3,
}
export const getUnderLoad: Row = {
  id: 'mixed.get',
  title: 'GET under a mixed load: 99th percentile',
  unit: 'ms',
  better: 'less',
  wanted: 1,
}
export const memoryOfPods: Row = {
  id: 'memory.pods',
  title: 'API server alone: memory with 100,000 pods',
  unit: 'MB',
  better: 'less',
  wanted: 2,
}
export const watchRate: Row = {
  id: 'api.watch.rate',
  title: 'watch: events delivered to 1,000 watchers',
  unit: '/s',
  better: 'more',
}
export const watchCost: Row = {
  id: 'api.watch.cost',
  title: 'watch: events per second of processor time',
  unit: '/s',
  better: 'more',
  wanted: 5,
}
export const watchLatency: Row = {
  id: 'api.watch.latency',
  title: 'watch: write to arrival, median',
  unit: 'ms',
  better: 'less',
}
export const memoryAfter: Row = {
  id: 'api.memory.after',
  title: 'API server alone: memory, after load',
  unit: 'MB',
  better: 'less',
}
