import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createMeasures, diskUsage, interfacesIn } from './measures.ts'

test('diskUsage() counts like du: files with several names once, sparse ones for what they hold', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'k8ts-du-'))
  mkdirSync(join(folder, 'a/b'), { recursive: true })
  writeFileSync(join(folder, 'a/file'), 'x'.repeat(100_000))
  linkSync(join(folder, 'a/file'), join(folder, 'a/b/same'))
  execFileSync('truncate', ['-s', '10M', join(folder, 'sparse')])
  const du = execFileSync('du', ['-s', '--block-size=1', folder]).toString().split('\t')[0]
  expect(await diskUsage(folder)).toEqual({ usedBytes: Number(du), inodesUsed: 5 })
  expect(await diskUsage(join(folder, 'nothing'))).toEqual({ usedBytes: 0, inodesUsed: 0 })
  rmSync(folder, { recursive: true })
})

test('interfacesIn() reads both directions of each interface, without loopback', () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:  100 1 0 0 0 0 0 0 100 1 0 0 0 0 0 0
  eth0: 1234567 10 2 4 0 0 0 0 7654321 20 3 5 0 0 0 0
`
  expect(interfacesIn(text)).toEqual([
    {
      name: 'eth0',
      rxBytes: 1_234_567,
      rxPackets: 10,
      rxErrors: 2,
      rxDropped: 4,
      txBytes: 7_654_321,
      txPackets: 20,
      txErrors: 3,
      txDropped: 5,
    },
  ])
})

test('the machine tells its space, processes and start', async () => {
  const measures = createMeasures()
  const space = await measures.space('/')
  expect(space.capacityBytes).toBeGreaterThan(space.availableBytes)
  const { most, running } = await measures.processes()
  expect(most).toBeGreaterThan(running)
  expect(running).toBeGreaterThan(0)
  expect(await measures.bootTime()).toBeLessThan(Date.now())
})
