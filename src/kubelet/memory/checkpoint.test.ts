import { expect, test } from 'vitest'
import { machineState, type MachineMemory } from './blocks.ts'
import { formatMemoryState, parseMemoryState } from './checkpoint.ts'

const gibibyte = 2 ** 30
const memory = { total: 10 * gibibyte, systemReserved: gibibyte, allocatable: 9 * gibibyte }
const pages = { total: 0, systemReserved: 0, allocatable: 0 }
const machine: MachineMemory = new Map([
  [
    0,
    new Map([
      ['memory', memory],
      ['hugepages-2Mi', pages],
    ]),
  ],
  [2, new Map([['memory', memory]])],
  [10, new Map([['memory', memory]])],
])
const block = (numaAffinity: readonly number[], size: number) => ({ numaAffinity, type: 'memory', size })
const assignments = new Map([
  [
    'uid-b',
    new Map([
      ['c2', [block([0, 2], 12 * gibibyte)]],
      ['c1', [block([10], gibibyte)]],
    ]),
  ],
  ['uid-a', new Map([['c', [block([10], 5)]]])],
])

// What upstream's kubelet 1.36 writes.
const none = '{"policyName":"None","machineState":{},"checksum":4236770233}'

test("the state of a policy that keeps none is upstream's, to the checksum", () => {
  expect(formatMemoryState('None', new Map(), new Map())).toBe(none)
  expect(parseMemoryState('None', new Map(), none)).toEqual(new Map())
})

test("upstream's checksum goes over nodes by their numbers, and types, pods and containers by their names", () => {
  const text = formatMemoryState('Static', machineState(machine, assignments), assignments)
  expect(JSON.parse(text)).toMatchObject({ policyName: 'Static', checksum: 730337722 })
  expect(parseMemoryState('Static', machine, text)).toEqual(assignments)
})

test.each([
  ['is broken', none.replace('4236770233', '4236770234'), 'checkpoint is corrupted'],
  [
    'is of another policy',
    none.replace('"None"', '"Static"').replace('4236770233', '0'),
    'configured policy "None" differs',
  ],
])('a state that %s is refused', (_, text, message) => {
  expect(() => parseMemoryState('None', new Map(), text)).toThrow(message)
})
