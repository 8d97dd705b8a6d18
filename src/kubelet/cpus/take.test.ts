import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { difference, formatCpuSet, intersection, parseCpuSet, type CpuSet } from './cpu-set.ts'
import { takeDistributed } from './distribute.ts'
import { takePacked, type TakeOptions } from './take.ts'
import { CpuTopology } from './topology.ts'

interface Shape {
  readonly sockets: number
  readonly nodesPerSocket: number
  readonly coresPerNode: number
  readonly threads: number
  readonly cachesPerNode: number
}

/** A machine whose second threads are numbered after all first ones. */
function machine({ sockets, nodesPerSocket, coresPerNode, threads, cachesPerNode }: Shape): CpuTopology {
  const cores = sockets * nodesPerSocket * coresPerNode
  return new CpuTopology(
    Array.from({ length: cores * threads }, (_, cpu) => {
      const core = cpu % cores
      const numaNode = Math.floor(core / coresPerNode)
      const part = Math.floor(((core % coresPerNode) * cachesPerNode) / coresPerNode)
      const uncoreCache = numaNode * cachesPerNode + part
      return { cpu, core, socket: Math.floor(numaNode / nodesPerSocket), numaNode, uncoreCache }
    }),
  )
}

const twoSockets = machine({ sockets: 2, nodesPerSocket: 1, coresPerNode: 4, threads: 2, cachesPerNode: 2 })
const fourNodes = machine({ sockets: 2, nodesPerSocket: 2, coresPerNode: 4, threads: 2, cachesPerNode: 1 })

const packed = (topology: CpuTopology, available: string, count: number, options: Partial<TakeOptions> = {}): string =>
  formatCpuSet(
    takePacked(topology, parseCpuSet(available), count, { sorting: 'packed', alignByUncoreCache: false, ...options }),
  )

test('whole sockets are taken first, then whole cores, then CPUs of cores that are begun', () => {
  expect(packed(twoSockets, '0-15', 8)).toBe('0-3,8-11')
  expect(packed(twoSockets, '0-15', 3)).toBe('0-1,8')
  expect(packed(twoSockets, '0,4-7,12-15', 1)).toBe('0')
  expect(packed(twoSockets, '1-15', 8)).toBe('4-7,12-15')
  expect(packed(twoSockets, '1-15', 1)).toBe('8')
  expect(packed(twoSockets, '1-15', 2, { sorting: 'spread' })).toBe('1-2')
})

test('what is less than a socket comes from one cache where it can', () => {
  expect(packed(twoSockets, '0-15', 4, { alignByUncoreCache: true })).toBe('0-1,8-9')
  expect(packed(twoSockets, '1-15', 4, { alignByUncoreCache: true })).toBe('2-3,10-11')
  expect(packed(twoSockets, '1-15', 4)).toBe('1-2,9-10')
  expect(packed(twoSockets, '1,3,4-7,12-15', 3, { alignByUncoreCache: true })).toBe('4-5,12')
})

test('more than there is can not be taken', () => {
  expect(() => packed(twoSockets, '0-3', 5)).toThrow(
    'not enough cpus available to satisfy request: requested=5, available=4',
  )
})

test('CPUs are divided evenly among NUMA nodes, in whole groups', () => {
  const all = fourNodes.cpus
  const divided = (count: number, groupSize: number): string =>
    formatCpuSet(takeDistributed(fourNodes, all, count, groupSize, 'packed'))
  expect(divided(8, 1)).toBe('0-3,16-19')
  expect(divided(12, 1)).toBe('0-2,4-6,16-18,20-22')
  expect(divided(10, 2)).toBe('0-2,4-5,16-18,20-21')
  expect(divided(9, 2)).toBe('0-4,16-19')
})

const shapes = fc.record({
  sockets: fc.integer({ min: 1, max: 3 }),
  nodesPerSocket: fc.integer({ min: 1, max: 2 }),
  coresPerNode: fc.integer({ min: 1, max: 5 }),
  threads: fc.integer({ min: 1, max: 2 }),
  cachesPerNode: fc.integer({ min: 1, max: 2 }),
})

test('exactly what is asked for is taken of what is available, and nothing when that is too little', () => {
  fc.assert(
    fc.property(
      shapes,
      fc.infiniteStream(fc.boolean()),
      fc.nat(24),
      fc.constantFrom<TakeOptions['sorting']>('packed', 'spread'),
      fc.boolean(),
      fc.integer({ min: 0, max: 2 }),
      (shape, isFree, count, sorting, alignByUncoreCache, groupSize) => {
        const topology = machine(shape)
        const available: CpuSet = new Set([...topology.cpus].filter(() => isFree.next().value))
        const take = (): CpuSet =>
          groupSize === 0
            ? takePacked(topology, available, count, { sorting, alignByUncoreCache })
            : takeDistributed(topology, available, count, groupSize, sorting)
        if (count > available.size) expect(take).toThrow('not enough cpus available')
        else {
          const taken = take()
          expect(taken.size).toBe(count)
          expect(difference(taken, available).size).toBe(0)
        }
      },
    ),
  )
})

test('packed CPUs leave as few cores begun as can be', () => {
  fc.assert(
    fc.property(shapes, fc.nat(24), (shape, wish) => {
      const topology = machine(shape)
      const count = Math.min(wish, topology.cpus.size)
      const taken = takePacked(topology, topology.cpus, count, { sorting: 'packed', alignByUncoreCache: false })
      const begun = topology.ids('core').filter((core) => {
        const cpus = topology.cpusIn('core', core)
        const size = intersection(cpus, taken).size
        return size > 0 && size < cpus.size
      })
      expect(begun.length).toBe(count % shape.threads === 0 ? 0 : 1)
    }),
  )
})

test('CPU sets are read and written as the kernel lists them', () => {
  for (const text of ['', '0', '0-3', '0,2-3,7', '1-2,4,6-9']) expect(formatCpuSet(parseCpuSet(text))).toBe(text)
  expect(formatCpuSet(parseCpuSet('7,1-3,2'))).toBe('1-3,7')
  for (const text of ['x', '1-', '3-1', '1,,2']) expect(() => parseCpuSet(text)).toThrow('neither a number nor a range')
})
