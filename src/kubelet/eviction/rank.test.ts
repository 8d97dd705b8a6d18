import { expect, test } from 'vitest'
import type { Pod, PodSpec } from '#api/core/v1'
import type { PodStatsSummary } from '../stats/types.ts'
import type { Layout } from './layout.ts'
import { ranked } from './rank.ts'
import type { Signal } from './thresholds.ts'

const mebi = 1024 ** 2
const time = ''
const app = { name: 'app', image: 'app:1' }

function podOf(name: string, spec: Partial<PodSpec> = {}): Pod {
  return { metadata: { name, uid: name }, spec: { containers: [app], ...spec } }
}

type Used = Partial<Record<'memory' | 'processes' | 'layer' | 'logs' | 'inodes' | 'scratch' | 'ram', number>>

function statsOf(name: string, used: Used): PodStatsSummary {
  const { memory = 0, processes = 0, layer = 0, logs = 0, inodes = 0, scratch = 0, ram = 0 } = used
  return {
    podRef: { name, namespace: 'default', uid: name },
    startTime: time,
    memory: { time, usageBytes: memory, workingSetBytes: memory, rssBytes: 0, pageFaults: 0, majorPageFaults: 0 },
    process_stats: { process_count: processes },
    containers: [
      {
        name: 'app',
        startTime: time,
        rootfs: { time, usedBytes: layer, inodesUsed: inodes },
        logs: { time, usedBytes: logs },
      },
    ],
    volume: [
      { name: 'scratch', time, usedBytes: scratch },
      { name: 'ram', time, usedBytes: ram },
    ],
  }
}

function order(
  signal: Signal,
  pods: readonly Pod[],
  used: { readonly [name: string]: Used },
  layout: Layout = 'one',
): string {
  const stats = new Map(Object.entries(used).map(([name, own]) => [name, statsOf(name, own)]))
  return ranked(pods, stats, signal, layout)
    .map(({ metadata }) => metadata.name)
    .join(' ')
}

const volumes: PodSpec['volumes'] = [
  { name: 'scratch', emptyDir: {} },
  { name: 'ram', emptyDir: { medium: 'Memory' } },
]

test('pods of which nothing is known go first, whatever their priority', () => {
  const pods = [podOf('low', { priority: 0 }), podOf('unknown', { priority: 1000 })]
  expect(order('memory.available', pods, { low: { memory: 500 } })).toBe('unknown low')
})

test('a pod that asks for memory as a whole is held to that, and what its runtime class costs is asked for, too', () => {
  const pods = [
    podOf('whole', {
      containers: [{ ...app, resources: { requests: { memory: '10Mi' } } }],
      resources: { requests: { memory: '100Mi' } },
    }),
    podOf('costly', {
      containers: [{ ...app, resources: { requests: { memory: '10Mi' } } }],
      overhead: { memory: '60Mi' },
    }),
    podOf('free', {
      containers: [{ ...app, resources: { requests: { memory: '0' } } }],
      overhead: { memory: '60Mi' },
    }),
  ]
  const used = { whole: { memory: 90 * mebi }, costly: { memory: 75 * mebi }, free: { memory: mebi } }
  expect(order('memory.available', pods, used)).toBe('costly free whole')
})

test('containers of a pod that asks for anything as a whole ask for no disk', () => {
  const containers = [{ ...app, resources: { requests: { 'ephemeral-storage': '100' } } }]
  const pods = [podOf('parts', { containers }), podOf('whole', { containers, resources: { requests: { cpu: '1' } } })]
  expect(order('nodefs.available', pods, { parts: { logs: 90 }, whole: { logs: 80 } })).toBe('whole parts')
})

test('of processes nobody asks for any: priority comes first', () => {
  const pods = [podOf('high', { priority: 10 }), podOf('few'), podOf('many'), podOf('unknown', { priority: 10 })]
  const used = { high: { processes: 900 }, few: { processes: 2 }, many: { processes: 50 } }
  expect(order('pid.available', pods, used)).toBe('many few unknown high')
})

test('disk that layers, logs and volumes take counts together, memory does not', () => {
  const pods = [podOf('layer'), podOf('logs'), podOf('scratch', { volumes }), podOf('ram', { volumes })]
  const used = {
    layer: { layer: 40 },
    logs: { logs: 30 },
    scratch: { scratch: 50, logs: 1 },
    ram: { ram: 99, logs: 1 },
  }
  expect(order('nodefs.available', pods, used)).toBe('scratch layer logs ram')
})

test('with images apart, their file system has the layers and the other one the rest', () => {
  const pods = [podOf('layer'), podOf('logs'), podOf('scratch', { volumes })]
  const used = { layer: { layer: 40, logs: 1 }, logs: { logs: 30, layer: 2 }, scratch: { scratch: 50, layer: 1 } }
  expect(order('nodefs.available', pods, used, 'images')).toBe('scratch logs layer')
  expect(order('imagefs.available', pods, used, 'images')).toBe('layer logs scratch')
})

test('those that hold more inodes go first', () => {
  const pods = [podOf('few'), podOf('many')]
  expect(order('nodefs.inodesFree', pods, { few: { inodes: 3 }, many: { inodes: 7 } })).toBe('many few')
})

test('with images alone apart, layers go with the rest, and nobody writes where images are', () => {
  const pods = [podOf('layer'), podOf('logs', { priority: 1 }), podOf('scratch', { volumes, priority: 2 })]
  const used = { layer: { layer: 40, logs: 1 }, logs: { logs: 30, layer: 2 }, scratch: { scratch: 50, layer: 1 } }
  const same = pods.map((pod) => ({ ...pod, spec: { ...pod.spec, priority: 0 } })) as typeof pods
  expect(order('nodefs.available', same, used, 'split')).toBe('scratch layer logs')
  expect(order('containerfs.available', same, used, 'split')).toBe('scratch layer logs')
  expect(order('imagefs.available', pods, used, 'split')).toBe('layer logs scratch')
  expect(order('containerfs.available', same, used, 'images')).toBe('layer logs scratch')
})
