import type { Client } from '#client'

/** Processor time that was taken so far, in milliseconds. */
export interface Cost {
  /** All of the control plane. */
  readonly total: number
  /** The scheduler, where it is a process of its own. */
  readonly scheduler?: number
}

/** A control plane to measure. */
export interface Target {
  readonly client: Client
  /** Lets the scheduler begin. */
  startScheduler(): Promise<void>
  stop(): Promise<void>
  cost(): Cost
}
