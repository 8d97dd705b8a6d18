import type { HeapSpaceInfo } from 'node:v8'
import type { Frame, Measured, Profile } from './pprof.ts'
import type { AllocationNode, AllocationProfile, CallFrame, ProcessorProfile } from './v8.ts'

const frameOf = ({ functionName, url, lineNumber }: CallFrame): Frame => ({
  name: functionName === '' ? '(anonymous)' : functionName,
  file: url,
  line: lineNumber + 1,
})

/** Time when nothing was done is none of the processor. */
const idle = '(idle)'

/**
 * Where the processor was, stack by stack. A sample stands for the time until the next.
 * @param time when it ended, in milliseconds since 1970
 * @param intervalUs between samples, in microseconds
 */
export function ofProcessor(profile: ProcessorProfile, time: number, intervalUs: number): Profile {
  const { nodes, samples = [], timeDeltas = [], startTime, endTime } = profile
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const met = new Map<number, { count: number; us: number }>()
  for (const [index, id] of samples.entries()) {
    const sum = met.get(id) ?? { count: 0, us: 0 }
    sum.count++
    sum.us += Math.max(0, timeDeltas[index + 1] ?? 0)
    met.set(id, sum)
  }
  const stackOf = (id: number): Frame[] => {
    const stack: Frame[] = []
    // The outermost is the tree itself.
    for (let at: number | undefined = id; at !== undefined && parents.has(at); at = parents.get(at)) {
      const node = byId.get(at)
      if (node) stack.push(frameOf(node.callFrame))
    }
    return stack
  }
  const measured = [...met]
    .filter(([id]) => parents.has(id) && byId.get(id)?.callFrame.functionName !== idle)
    .map(([id, { count, us }]) => ({ stack: stackOf(id), values: [count, us * 1000] }))
  return {
    types: [
      { type: 'samples', unit: 'count' },
      { type: 'cpu', unit: 'nanoseconds' },
    ],
    samples: measured,
    time,
    durationMs: (endTime - startTime) / 1000,
    period: { type: 'cpu', unit: 'nanoseconds', value: intervalUs * 1000 },
  }
}

const ofHeapTypes = [
  { type: 'inuse_objects', unit: 'count' },
  { type: 'inuse_space', unit: 'bytes' },
]

/** What was put on the heap and lives on, by who put it there. @param time as of the processor */
export function ofAllocations({ head, samples = [] }: AllocationProfile, time: number, durationMs: number): Profile {
  const counts = new Map<number, number>()
  for (const { nodeId } of samples) counts.set(nodeId, (counts.get(nodeId) ?? 0) + 1)
  const measured: Measured[] = []
  const visit = (node: AllocationNode, outer: readonly Frame[]): void => {
    if (node.selfSize > 0) measured.push({ stack: outer, values: [counts.get(node.id ?? 0) ?? 0, node.selfSize] })
    for (const child of node.children) visit(child, [frameOf(child.callFrame), ...outer])
  }
  visit(head, [])
  return { types: ofHeapTypes, samples: measured, time, durationMs }
}

/** What lives on the heap, by its spaces: of single objects nobody keeps count. */
export function ofSpaces(spaces: readonly HeapSpaceInfo[], time: number): Profile {
  const samples = spaces.map(({ space_name: name, space_used_size: bytes }) => ({
    stack: [{ name: `(${name})`, file: '', line: 0 }],
    values: [bytes],
  }))
  return { types: [{ type: 'inuse_space', unit: 'bytes' }], samples, time }
}
