/** How many keys a controller works on at a time. */
export interface Concurrency {
  readonly deployments?: number
  readonly replicaSets?: number
  readonly replicationControllers?: number
}

/** What the composition has to say to the controllers. */
export interface ControllersOptions {
  readonly concurrency?: Concurrency
}
