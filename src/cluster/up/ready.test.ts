import { expect, test } from 'vitest'
import type { Node } from '#api/core/v1'
import { isReadySince } from './ready.ts'

const node = (status: string, lastHeartbeatTime: string): Pick<Node, 'status'> => ({
  status: { conditions: [{ type: 'Ready', status, lastHeartbeatTime }] },
})
const began = Date.parse('2026-11-22T10:00:00.700Z')

test('a node is ready when it has said so since its agent began', () => {
  expect(isReadySince(node('True', '2026-11-22T10:00:00Z'), began)).toBe(true)
  expect(isReadySince(node('True', '2026-11-22T10:00:02Z'), began)).toBe(true)
})

test('what it said in a run before, or that it is not ready, does not count', () => {
  expect(isReadySince(node('True', '2026-11-22T09:59:59Z'), began)).toBe(false)
  expect(isReadySince(node('False', '2026-11-22T10:00:02Z'), began)).toBe(false)
  expect(isReadySince({ status: {} }, began)).toBe(false)
})
