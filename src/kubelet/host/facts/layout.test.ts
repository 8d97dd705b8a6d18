import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readLayout } from './layout.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'layout-'))
})

afterEach(() => rm(root, { recursive: true }))

async function tell(files: { readonly [path: string]: string }): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), `${text}\n`)
  }
}

test('CPUs are told with their cores, sockets, NUMA nodes and last caches, those that are off are not', async () => {
  await tell({
    'cpu/online': '0-2',
    'node/node0/cpulist': '0,2-3',
    'node/node0/distance': '10 21',
    'node/node1/cpulist': '1',
    'node/node1/distance': '21 10',
    'cpu/cpu0/topology/thread_siblings_list': '0,2',
    'cpu/cpu0/topology/physical_package_id': '0',
    'cpu/cpu0/cache/index0/level': '1',
    'cpu/cpu0/cache/index0/id': '5',
    'cpu/cpu0/cache/index1/level': '3',
    'cpu/cpu0/cache/index1/id': '7',
    'cpu/cpu1/topology/thread_siblings_list': '1',
    'cpu/cpu1/topology/physical_package_id': '1',
    'cpu/cpu2/topology/thread_siblings_list': '0,2',
    'cpu/cpu2/topology/physical_package_id': '0',
    'node/node0/meminfo': 'Node 0 MemTotal:       4000 kB\nNode 0 MemFree:        1 kB',
    'node/node0/hugepages/hugepages-2048kB/nr_hugepages': '3',
  })
  expect(await readLayout(root)).toEqual({
    cpus: [
      { cpu: 0, core: 0, socket: 0, numaNode: 0, uncoreCache: 7 },
      { cpu: 1, core: 1, socket: 1, numaNode: 1, uncoreCache: 1 },
      { cpu: 2, core: 0, socket: 0, numaNode: 0, uncoreCache: 0 },
    ],
    numaNodes: [
      { id: 0, distances: [10, 21] },
      { id: 1, distances: [21, 10] },
    ],
    memory: [
      { id: 0, bytes: 4_096_000, hugePages: { '2Mi': 6_291_456 } },
      { id: 1, bytes: 0, hugePages: {} },
    ],
  })
})

test('a kernel that tells nothing has CPUs side by side', async () => {
  const { cpus, numaNodes } = await readLayout(root)
  expect(cpus.length).toBeGreaterThan(0)
  expect(cpus[0]).toEqual({ cpu: 0, core: 0, socket: 0, numaNode: 0, uncoreCache: 0 })
  expect(numaNodes).toEqual([{ id: 0, distances: [10] }])
})
