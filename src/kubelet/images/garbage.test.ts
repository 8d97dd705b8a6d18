import { expect, test } from 'vitest'
import { silentLogger, VirtualClock } from '#base'
import type { RuntimeImage } from '../runtime/images.ts'
import { ImageGarbage } from './garbage.ts'

const gibi = 1024 ** 3
const minute = 60_000

function rig(maxAgeMs = 0) {
  const clock = new VirtualClock()
  const images = new Map<string, RuntimeImage>()
  const used = new Set<string>()
  const disk = { availableBytes: 50 * gibi }
  const named = new Set<string>()
  const left: string[][] = []
  const add = (id: string, size = 5 * gibi, more: Partial<RuntimeImage> = {}): void =>
    void images.set(id, { id, size, repoTags: [`${id}:1`], ...more })
  const garbage = new ImageGarbage({
    metrics: { imageRemoved: () => {} },
    clock,
    runtime: {
      images: {
        list: () => Promise.resolve([...images.values()]),
        remove: ({ image }) => {
          disk.availableBytes += images.get(image)?.size ?? 0
          images.delete(image)
          return Promise.resolve()
        },
        filesystems: () => Promise.resolve([{ timestamp: 0, mountpoint: '/images' }]),
        containerFilesystems: () => Promise.resolve([]),
        status: () => Promise.reject(new Error('not asked for')),
        pull: () => Promise.reject(new Error('not asked for')),
      },
      listContainers: () => Promise.resolve([...used].map((image) => ({ imageRef: image, image: { image } }) as never)),
    },
    measures: { space: () => Promise.resolve({ capacityBytes: 100 * gibi, ...disk }) } as never,
    highPercent: 85,
    lowPercent: 80,
    minAgeMs: 2 * minute,
    maxAgeMs,
    log: silentLogger,
    named: () => named,
    left: (ids) => void left.push([...ids]),
  })
  return { clock, images, used, named, told: left, disk, add, garbage, left: () => [...images.keys()] }
}

test('images stay while there is room, and those unused for longest go when there is none', async () => {
  const { clock, used, disk, add, garbage, left } = rig()
  add('a')
  add('b')
  add('c')
  used.add('a')
  used.add('b')
  await garbage.collect()
  await clock.advance(10 * minute)
  used.delete('a')
  await garbage.collect()
  await clock.advance(10 * minute)
  used.delete('b')
  await garbage.collect()
  expect(left()).toEqual(['a', 'b', 'c'])
  disk.availableBytes = 15 * gibi
  await garbage.collect()
  // 20 GiB shall be free: one of 5 GiB suffices, and c was never used.
  expect(left()).toEqual(['a', 'b'])
  disk.availableBytes = 14 * gibi
  await garbage.collect()
  expect(left()).toEqual([])
})

test('images that are used, pinned or new stay, and people are told when that is too much', async () => {
  const { clock, used, disk, add, garbage, left } = rig()
  add('used', gibi)
  used.add('used:1')
  add('pinned', gibi, { pinned: true })
  add('old', gibi)
  await garbage.collect()
  await clock.advance(10 * minute)
  add('new', gibi)
  disk.availableBytes = 10 * gibi
  await expect(garbage.collect()).rejects.toThrow(
    `Insufficient free disk space on the node's image filesystem (90% of 100.0 GiB used). Failed to free sufficient space by deleting unused images (freed ${gibi} bytes). Investigate disk usage, as it could be used by active images, logs, volumes, or other data.`,
  )
  expect(left()).toEqual(['used', 'pinned', 'new'])
})

test('images that nobody used for too long go in any case', async () => {
  const { clock, used, add, garbage, left } = rig(60 * minute)
  add('a')
  add('b')
  used.add('b')
  await garbage.collect()
  await clock.advance(61 * minute)
  await garbage.collect()
  expect(left()).toEqual(['b'])
})

test('images that pods name stay, though none of their containers is there yet', async () => {
  const { clock, named, disk, add, garbage, left, told } = rig()
  add('web', 20 * gibi, { repoTags: ['docker.io/library/web:1'] })
  add('volume', 20 * gibi, { repoTags: [], repoDigests: [`example.org/v@sha256:${'a'.repeat(64)}`] })
  add('other', 20 * gibi)
  named.add('web:1')
  named.add(`example.org/v:tag@sha256:${'a'.repeat(64)}`)
  await garbage.collect()
  await clock.advance(10 * minute)
  disk.availableBytes = 5 * gibi
  await garbage.collect()
  expect(left()).toEqual(['web', 'volume'])
  expect(told).toEqual([['web', 'volume']])
})

test('removeUnused() leaves what came just now, and tries all that are to go', async () => {
  const { clock, images, add, garbage, left } = rig()
  add('stuck')
  add('old')
  await garbage.collect()
  await clock.advance(10 * minute)
  add('new')
  const remove = images.delete.bind(images)
  images.delete = (id) => {
    if (id === 'stuck') throw new Error('it is busy')
    return remove(id)
  }
  await expect(garbage.removeUnused()).rejects.toThrow('remove images: Error: it is busy')
  expect(left()).toEqual(['stuck', 'new'])
})
