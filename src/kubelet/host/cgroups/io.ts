import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeviceIo } from '#kubelet'

/** v1 files, by who schedules devices: the first that tells of any is the one in use. */
const v1Kinds = [
  'blkio.bfq.io_%_recursive',
  'blkio.io_%_recursive',
  'blkio.throttle.io_%_recursive',
  'blkio.throttle.io_%',
]

/** What a v1 cgroup has read and written. @param folder of the cgroup below `blkio`. */
export async function v1Io(folder: string): Promise<readonly DeviceIo[]> {
  for (const kind of v1Kinds) {
    const read = (what: string): Promise<string> =>
      readFile(join(folder, kind.replace('%', what)), 'utf8').catch(() => '')
    const [bytes, counts] = await Promise.all([read('service_bytes'), read('serviced')])
    const found = mergedIo(tableIn(bytes), tableIn(counts))
    if (found.size > 0) return named(found)
  }
  return []
}

/** The same of a v2 cgroup. */
export async function v2Io(folder: string): Promise<readonly DeviceIo[]> {
  const text = await readFile(join(folder, 'io.stat'), 'utf8').catch(() => '')
  const found = new Map<string, Counts>()
  for (const line of text.split('\n')) {
    const [device = '', ...fields] = line.split(' ')
    const values = new Map(fields.map((field) => [field.split('=')[0], Number(field.split('=')[1])]))
    const of = (name: string): number => values.get(name) ?? 0
    if (fields.length === 0) continue
    found.set(device, { readBytes: of('rbytes'), writtenBytes: of('wbytes'), reads: of('rios'), writes: of('wios') })
  }
  return named(found)
}

type Counts = Omit<DeviceIo, 'device'>

/** Lines of `major:minor operation value`. */
function tableIn(text: string): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const found = new Map<string, Map<string, number>>()
  for (const line of text.split('\n')) {
    const [device = '', operation, value] = line.split(' ')
    if (operation === undefined || value === undefined) continue
    const operations = found.get(device) ?? new Map<string, number>()
    found.set(device, operations.set(operation, Number(value)))
  }
  return found
}

function mergedIo(bytes: ReturnType<typeof tableIn>, counts: ReturnType<typeof tableIn>): ReadonlyMap<string, Counts> {
  return new Map(
    [...new Set([...bytes.keys(), ...counts.keys()])].map((device) => {
      const of = (table: typeof bytes, operation: string): number => table.get(device)?.get(operation) ?? 0
      return [
        device,
        {
          readBytes: of(bytes, 'Read'),
          writtenBytes: of(bytes, 'Write'),
          reads: of(counts, 'Read'),
          writes: of(counts, 'Write'),
        },
      ]
    }),
  )
}

/** Names of devices, which last as long as their numbers. */
const names = new Map<string, string>()

async function named(found: ReadonlyMap<string, Counts>): Promise<readonly DeviceIo[]> {
  return Promise.all([...found].map(async ([numbers, counts]) => ({ device: await nameOf(numbers), ...counts })))
}

async function nameOf(numbers: string): Promise<string> {
  const known = names.get(numbers)
  if (known !== undefined) return known
  const text = await readFile(`/sys/dev/block/${numbers}/uevent`, 'utf8').catch(() => '')
  const name = /^DEVNAME=(.+)$/m.exec(text)?.[1]
  if (name === undefined) return ''
  names.set(numbers, `/dev/${name}`)
  return `/dev/${name}`
}
