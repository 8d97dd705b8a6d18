/** Where code is, as the inspector tells it; lines count from 0. */
export interface CallFrame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
  readonly columnNumber: number
}

/** What the inspector tells of the processor: calls as a tree by ids, and in which of them it was, time by time. */
export interface ProcessorProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: CallFrame
    readonly children?: readonly number[] | undefined
  }[]
  /** Microseconds. */
  readonly startTime: number
  readonly endTime: number
  readonly samples?: readonly number[] | undefined
  /** Microseconds since the sample before. */
  readonly timeDeltas?: readonly number[] | undefined
}

/** What the inspector tells of the heap: calls as a tree, with the bytes that each put there. */
export interface AllocationNode {
  /** The types of the platform leave it out, as they do `samples`. */
  readonly id?: number
  readonly callFrame: CallFrame
  readonly selfSize: number
  readonly children: readonly AllocationNode[]
}

export interface AllocationProfile {
  readonly head: AllocationNode
  readonly samples?: readonly { readonly nodeId: number; readonly size: number }[]
}
