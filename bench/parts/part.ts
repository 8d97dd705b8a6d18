import type { Cleanup } from '../cleanup.ts'
import type { Generator } from '../load/generator.ts'
import type { Report } from '../report/report.ts'
import type { System } from '../systems/system.ts'

/** How much is measured. */
export interface Extent {
  /** Of each rate, in milliseconds. */
  readonly ms: number
  readonly warmUpMs: number
  /** How often a start is measured. */
  readonly starts: number
  /** ConfigMaps of 1 KB that are listed. */
  readonly objects: number
  readonly watchers: number
  /** Events for each watcher while their rate is measured. */
  readonly events: number
  /** Pods that are held when memory is measured. */
  readonly heldPods: number
  /** Nodes that pretend, and pods that are bound to them. */
  readonly nodes: number
  readonly boundPods: number
  /** Pods that are started one by one, and at once. */
  readonly pods: number
  readonly podsAtOnce: number
  /** Services of ten endpoints each, and changes of the endpoints of one. */
  readonly services: number
  readonly changes: number
  /** Nodes that pretend and get thirty pods each, and so many of these a second. */
  readonly scaleNodes: number
  readonly podsPerSecond: number
  /** Deployments that are rolled at once, and pods of each. */
  readonly rolledDeployments: number
  readonly rolledReplicas: number
  readonly idleMs: number
  /** Before anything at rest is measured. */
  readonly settleMs: number
}

export const fullExtent: Extent = {
  ms: 8000,
  warmUpMs: 2000,
  starts: 3,
  objects: 10_000,
  watchers: 1000,
  events: 200,
  heldPods: 100_000,
  nodes: 1000,
  boundPods: 3000,
  pods: 20,
  podsAtOnce: 50,
  services: 10_000,
  changes: 50,
  scaleNodes: 5000,
  podsPerSecond: 150,
  rolledDeployments: 100,
  rolledReplicas: 100,
  idleMs: 60_000,
  settleMs: 10_000,
}

/** Enough to see that everything works, too little to tell anything. */
export const quickExtent: Extent = {
  ms: 500,
  warmUpMs: 100,
  starts: 1,
  objects: 200,
  watchers: 20,
  events: 20,
  heldPods: 500,
  nodes: 20,
  boundPods: 100,
  pods: 2,
  podsAtOnce: 3,
  services: 100,
  changes: 5,
  scaleNodes: 3,
  podsPerSecond: 50,
  rolledDeployments: 3,
  rolledReplicas: 8,
  idleMs: 2000,
  settleMs: 500,
}

export interface PartContext {
  readonly system: System
  readonly report: Report
  readonly extent: Extent
  readonly generator: Generator
  readonly cleanup: Cleanup
}

/** Measures something of a system that is alone on the machine. */
export type Part = (context: PartContext) => Promise<void>

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
