import { expect, test } from 'vitest'
import { TestNode } from '../testing/node.ts'

const pods = ['a', 'b', 'c', 'd', 'e', 'f']

test('a runtime is asked for a few starts at a time, and pods that have begun go first', async () => {
  const node = new TestNode({ kubelet: { startsAtOnce: 2 }, runtime: { behaviour: () => ({ sandboxMs: 100 }) } })
  const sandboxes: number[] = []
  const running = (): string[] => pods.filter((name) => node.pod(name).status?.phase === 'Running')
  for (const name of pods) await node.run(name, {})
  for (let step = 0; step < 4; step++) {
    await node.settle()
    sandboxes.push((await node.runtime.listPodSandboxes()).length)
    expect(running()).toHaveLength(sandboxes.at(-1) ?? 0)
    await node.clock.advance(100)
  }
  expect(sandboxes).toEqual([0, 2, 4, 6])
  await node.stop()
})

test('a pod whose start takes for ever holds up others for two seconds only', async () => {
  const behaviour = ({ name }: { readonly name: string }) => (name < 'c' ? { sandboxMs: 3_600_000 } : {})
  const node = new TestNode({ kubelet: { startsAtOnce: 2 }, runtime: { behaviour } })
  for (const name of pods) await node.run(name, {})
  expect(node.pod('f').status?.phase).toBe('Pending')
  await node.clock.advance(2000)
  expect(node.pod('f').status?.phase).toBe('Running')
  expect(node.pod('a').status?.phase).toBe('Pending')
  await node.stop()
})
