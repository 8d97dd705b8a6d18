import { readdirSync, readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { getHeapSpaceStatistics } from 'node:v8'
import { gathered } from '#machinery'
import type { MetricFamily, MetricType } from '#machinery'

const one = (name: string, type: MetricType, help: string, value: number): MetricFamily =>
  gathered(type, name, help, () => [{ labels: {}, value }])

const read = (file: string): string => readFileSync(`/proc/self/${file}`, 'utf8')

/** What the kernel tells of the process, where it does: Linux alone has these files. */
export function kernelMetrics(): readonly MetricFamily[] {
  try {
    const limits = read('limits')
    const limit = (name: string, unlimited: number): number => {
      const value = new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(limits)?.[1]
      return value === undefined ? unlimited : Number(value)
    }
    const kilobytes = /^VmSize:\s+(\d+)/m.exec(read('status'))?.[1]
    return [
      one('process_open_fds', 'gauge', 'Number of open file descriptors.', readdirSync('/proc/self/fd').length),
      one('process_max_fds', 'gauge', 'Maximum number of open file descriptors.', limit('Max open files', Infinity)),
      one('process_virtual_memory_bytes', 'gauge', 'Virtual memory size in bytes.', Number(kilobytes) * 1024),
      one(
        'process_virtual_memory_max_bytes',
        'gauge',
        'Maximum amount of virtual memory available in bytes.',
        limit('Max address space', 2 ** 64),
      ),
      ...networkMetrics(),
    ]
  } catch {
    return []
  }
}

/** Bytes of the whole network namespace, as the kernel counts them for all its processes together. */
function networkMetrics(): readonly MetricFamily[] {
  const [names = [], values = []] = read('net/netstat')
    .split('\n')
    .filter((line) => line.startsWith('IpExt:'))
    .map((line) => line.split(' '))
  const value = (name: string): number => Number(values[names.indexOf(name)] ?? NaN)
  return [
    one(
      'process_network_receive_bytes_total',
      'counter',
      'Number of bytes received by the process over the network.',
      value('InOctets'),
    ),
    one(
      'process_network_transmit_bytes_total',
      'counter',
      'Number of bytes sent by the process over the network.',
      value('OutOctets'),
    ),
  ]
}

/** What Node.js tells of itself, under the names that its clients of Prometheus give it. */
export function runtimeMetrics(): readonly MetricFamily[] {
  const { heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage()
  const { idle, active, utilization } = performance.eventLoopUtilization()
  const [major = '', minor = '', patch = ''] = process.versions.node.split('.')
  const spaces = getHeapSpaceStatistics().map(({ space_name: name, ...stats }) => ({
    labels: { space: name.replace(/_space$/, '') },
    stats,
  }))
  const bySpace = (
    name: string,
    help: string,
    of: (stats: Omit<ReturnType<typeof getHeapSpaceStatistics>[number], 'space_name'>) => number,
  ): MetricFamily =>
    gathered('gauge', `nodejs_heap_space_size_${name}_bytes`, help, () =>
      spaces.map(({ labels, stats }) => ({ labels, value: of(stats) })),
    )
  return [
    gathered('gauge', 'nodejs_version_info', 'Version of Node.js.', () => [
      { labels: { version: process.version, major, minor, patch }, value: 1 },
    ]),
    one('nodejs_heap_size_total_bytes', 'gauge', 'Heap of Node.js in bytes.', heapTotal),
    one('nodejs_heap_size_used_bytes', 'gauge', 'Heap of Node.js in use, in bytes.', heapUsed),
    one('nodejs_external_memory_bytes', 'gauge', 'Memory outside of the heap of Node.js, in bytes.', external),
    one('nodejs_array_buffers_bytes', 'gauge', 'Of that, memory of array buffers, in bytes.', arrayBuffers),
    bySpace('total', 'Size of a space of the heap, in bytes.', ({ space_size: value }) => value),
    bySpace('used', 'What is used of a space of the heap, in bytes.', ({ space_used_size: value }) => value),
    bySpace('available', 'What is free in a space of the heap, in bytes.', ({ space_available_size: value }) => value),
    one('nodejs_eventloop_utilization', 'gauge', 'Part of its life that the event loop was busy.', utilization),
    one('nodejs_eventloop_active_seconds_total', 'counter', 'How long the event loop was busy.', active / 1000),
    one('nodejs_eventloop_idle_seconds_total', 'counter', 'How long the event loop waited.', idle / 1000),
    gathered('gauge', 'nodejs_active_resources', 'What keeps the event loop alive, by its kind.', () => {
      const counts = new Map<string, number>()
      for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1)
      return [...counts].map(([type, value]) => ({ labels: { type }, value }))
    }),
  ]
}
