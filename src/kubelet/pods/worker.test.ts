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

test('a pod that has ended keeps its containers, whatever the node lacks, until nothing more is to be told of them', async () => {
  const node = new TestNode({ runtime: { behaviour: () => ({ container: () => ({ runsForMs: 1000, exitCode: 3 }) }) } })
  const { volumes } = node.kubelet.parts
  const unmount = volumes.unmount.bind(volumes)
  volumes.unmount = () => Promise.reject(new Error('device is busy'))
  await node.run('job', { restartPolicy: 'Never' })
  await node.clock.advance(2000)
  await node.kubelet.workers.removeEnded()
  expect(await node.runtime.listContainers()).toHaveLength(1)
  volumes.unmount = unmount
  await node.clock.advance(60_000)
  const terminated = { exitCode: 3 }
  expect(node.pod('job').status?.containerStatuses).toMatchObject([{ state: { terminated } }])
  await node.kubelet.workers.removeEnded()
  expect(await node.runtime.listContainers()).toEqual([])
  expect(node.pod('job').status?.containerStatuses).toMatchObject([{ state: { terminated } }])
  await node.stop()
})
