import { expect, test } from 'vitest'
import { sleep, VirtualClock } from '#base'
import { pods } from '#api/core/v1'
import { SimulatedRuntime } from '../simulated/runtime.ts'
import { TestNode } from '../testing/node.ts'

test('what is left of a pod that the API has forgotten meanwhile is removed once', async () => {
  const clock = new VirtualClock()
  const runtime = new SimulatedRuntime({ clock })
  const remove = runtime.removeContainer.bind(runtime)
  runtime.removeContainer = async (id) => {
    await sleep(clock, 100)
    await remove(id)
    await sleep(clock, 100)
  }
  const node = new TestNode({}, { clock, runtime })
  await node.run('web', {})
  await node.api.delete(pods, { namespace: 'default', name: 'web' })
  await node.settle()
  expect(node.has('web')).toBe(false)
  await clock.advance(1000)
  expect(await runtime.listPodSandboxes()).toEqual([])
  const asked = node.kubelet.runtimeOperations.text()
  for (const operation of ['stop_podsandbox', 'remove_container', 'remove_podsandbox']) {
    expect(asked).toContain(`\nkubelet_runtime_operations_total{operation_type="${operation}"} 1\n`)
  }
  await node.stop()
})
