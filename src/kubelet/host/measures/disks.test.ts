import { expect, test } from 'vitest'
import { devicesIn, diskIoIn } from './disks.ts'
import { createMeasures } from './measures.ts'

test('devicesIn() finds each block device once, where it is mounted first', () => {
  const text = `proc /proc proc rw 0 0
/dev/vda / ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
/dev/vdb /mnt/a\\040b xfs rw 0 0
/dev/vda /var/lib/x ext4 rw 0 0
`
  expect([...devicesIn(text)]).toEqual([
    ['/dev/vda', '/'],
    ['/dev/vdb', '/mnt/a b'],
  ])
})

test('diskIoIn() reads what has gone through a device, also where newer kernels tell more', () => {
  const text = ' 254       0 vda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n 7 0 loop0 0 0 0\n'
  expect([...diskIoIn(text)]).toEqual([
    [
      'vda',
      {
        reads: 1,
        readsMerged: 2,
        sectorsRead: 3,
        readMs: 4,
        writes: 5,
        writesMerged: 6,
        sectorsWritten: 7,
        writeMs: 8,
        underway: 9,
        busyMs: 10,
        weightedMs: 11,
      },
    ],
  ])
})

test('disks() tells of devices of this machine', async () => {
  for (const { device, space } of await createMeasures().disks()) {
    expect(device).toMatch(/^\/dev\//)
    expect(space.capacityBytes).toBeGreaterThan(0)
  }
})
