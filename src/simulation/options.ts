/** A node that pretends: it is there for the API, and nothing runs on it. */
export interface SimulatedNode {
  readonly name: string
  /** Address that the node tells of itself. */
  readonly address: string
  /** Quantities by resource: `{ cpu: '8', memory: '32Gi', pods: '110' }`. */
  readonly capacity: { readonly [resource: string]: string }
  readonly labels?: { readonly [name: string]: string }
  /** Addresses of its pods, as a block; that of the node's spec goes before it. */
  readonly podBlock: string
}

export interface SimulationOptions {
  readonly nodes: readonly SimulatedNode[]
  /** Milliseconds from the moment in which a pod is bound until its containers run. */
  readonly startupMs?: number
  /** Milliseconds for which the containers of a Job run. */
  readonly jobMs?: number
  /** Name of the release that nodes say they run. */
  readonly kubeletVersion: string
}

/** Annotation of a pod: for how long its containers run, as Go writes durations (`30s`). */
export const runForAnnotation = 'simulation.k8ts.io/run-for'
/** Annotation of a pod: with what its containers exit. */
export const exitCodeAnnotation = 'simulation.k8ts.io/exit-code'
