import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { v1Io, v2Io } from './io.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'io-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const put = (name: string, text: string): void => writeFileSync(join(folder, name), text)
/** No device of this machine has these numbers. */
const told = { device: '', readBytes: 4096, writtenBytes: 8192, reads: 1, writes: 2 }

test('v1Io() reads the files of whoever schedules the device', async () => {
  put('blkio.bfq.io_service_bytes_recursive', 'Total 0\n')
  put('blkio.bfq.io_serviced_recursive', 'Total 0\n')
  expect(await v1Io(folder)).toEqual([])
  put(
    'blkio.throttle.io_service_bytes_recursive',
    '9999:1 Read 4096\n9999:1 Write 8192\n9999:1 Total 12288\nTotal 12288\n',
  )
  put('blkio.throttle.io_serviced_recursive', '9999:1 Read 1\n9999:1 Write 2\n9999:1 Total 3\nTotal 3\n')
  expect(await v1Io(folder)).toEqual([told])
})

test('v2Io() reads a line for each device', async () => {
  expect(await v2Io(folder)).toEqual([])
  put('io.stat', '9999:1 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n')
  expect(await v2Io(folder)).toEqual([told])
})
