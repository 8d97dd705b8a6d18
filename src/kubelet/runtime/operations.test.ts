import { expect, test } from 'vitest'
import { VirtualClock } from '#base'
import { SimulatedRuntime } from '../simulated/runtime.ts'
import { TestNode } from '../testing/node.ts'
import { RuntimeOperations } from './operations.ts'

test('what is asked of the runtime is counted and timed, and its failures too', async () => {
  const clock = new VirtualClock()
  const operations = new RuntimeOperations(clock)
  const missingImages = new Map([['missing:1', 'not found']])
  const runtime = operations.of(new SimulatedRuntime({ clock, missingImages }))
  await runtime.version()
  await runtime.listContainers()
  await runtime.listContainers()
  await expect(runtime.images.pull({ image: 'missing:1' })).rejects.toThrow('not found')
  const lines = operations.text().split('\n')
  expect(lines).toContain('kubelet_runtime_operations_total{operation_type="list_containers"} 2')
  expect(lines).toContain('kubelet_runtime_operations_errors_total{operation_type="pull_image"} 1')
  expect(lines).toContain('kubelet_runtime_operations_duration_seconds_count{operation_type="version"} 1')
  expect(lines.filter((line) => line.startsWith('kubelet_runtime_operations_errors_total{'))).toHaveLength(1)
})

test('a node counts what it asks of its runtime', async () => {
  const node = new TestNode()
  await node.run('web', {})
  expect(node.kubelet.runtimeOperations.text()).toContain(
    '\nkubelet_runtime_operations_total{operation_type="run_podsandbox"} 1\n',
  )
  expect(node.kubelet.runtimeOperations.text()).toContain(
    '\nkubelet_run_podsandbox_duration_seconds_count{runtime_handler=""} 1\n',
  )
  await node.stop()
})
