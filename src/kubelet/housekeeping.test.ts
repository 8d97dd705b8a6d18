import { expect, test } from 'vitest'
import { nodes } from '#api/core/v1'
import type { RuntimeImage } from './runtime/images.ts'
import { TestNode } from './testing/node.ts'

const gibi = 1024 ** 3
const minute = 60_000

/** A node whose disk is full to a percentage, with an image that nobody uses. */
function nodeWithImage(percent: number, config: object = {}) {
  const state = { images: [{ id: 'unused', size: 50 * gibi }] as RuntimeImage[] }
  const node = new TestNode({
    config: { evictionHard: { 'memory.available': '0%' }, ...config },
    measures: {
      space: () =>
        Promise.resolve({
          capacityBytes: 100 * gibi,
          availableBytes: (100 - percent) * gibi,
          usedBytes: percent * gibi,
          inodes: 10,
          inodesFree: 10,
          inodesUsed: 0,
        }),
    },
  })
  node.runtime.images.list = () => Promise.resolve(state.images)
  node.runtime.images.filesystems = () => Promise.resolve([{ timestamp: 0, mountpoint: '/images' }])
  node.runtime.images.remove = ({ image }) => {
    state.images = state.images.filter(({ id }) => id !== image)
    return Promise.resolve()
  }
  const left = (): string[] => state.images.map(({ id }) => id)
  return { node, left }
}

test('images are known from the start: what was there goes at the first collection that comes later', async () => {
  const { node, left } = nodeWithImage(90)
  await node.clock.advance(4 * minute)
  expect(left()).toEqual(['unused'])
  await node.clock.advance(2 * minute)
  expect(left()).toEqual([])
  await node.stop()
})

test('images stay when neither age nor a full disk is to remove them', async () => {
  const { node, left } = nodeWithImage(100, { imageGCHighThresholdPercent: 100 })
  await node.clock.advance(20 * minute)
  expect(left()).toEqual(['unused'])
  expect(node.events.join()).not.toContain('ImageGCFailed')
  await node.stop()
})

test('what evictions keep free is told to the byte of single precision', async () => {
  const { node } = nodeWithImage(10, { evictionHard: { 'nodefs.available': '10%' } })
  await node.settle()
  const { capacity, allocatable } = node.api.peek(nodes, { namespace: '', name: 'node-1' })?.status ?? {}
  expect(capacity?.['ephemeral-storage']).toBe('1Ti')
  expect(allocatable?.['ephemeral-storage']).toBe('966367640Ki')
  await node.stop()
})
