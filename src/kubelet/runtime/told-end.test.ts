import { expect, test } from 'vitest'
import { pods } from '#api/core/v1'
import type { PodStatus } from '#api/core/v1'
import { TestNode } from '../testing/node.ts'

/** Terminated states of the container that were told to the API, in order, each once. */
function reasonsTold(node: TestNode): string[] {
  const told = node.api.statusPatches.flatMap((patch) => {
    const { status } = patch as { readonly status?: PodStatus }
    const { state, lastState } = status?.containerStatuses?.[0] ?? {}
    const { reason, exitCode } = state?.terminated ?? lastState?.terminated ?? {}
    return reason === undefined ? [] : [`${reason} ${exitCode}`]
  })
  return told.filter((reason, index) => reason !== told[index - 1])
}

const outOfMemory = (oomKnownAfterMs: number) => ({
  behaviour: () => ({
    container: (_: string, attempt: number) =>
      attempt === 0 ? { runsForMs: 1000, oomKilled: true, oomKnownAfterMs } : {},
  }),
})

test.each(['Always', 'Never'] as const)(
  'an end by want of memory that the runtime notices late is told as nothing else, restart policy %s',
  async (restartPolicy) => {
    const node = new TestNode({ runtime: outOfMemory(300) })
    await node.run('web', { restartPolicy })
    await node.clock.advance(1200)
    expect(reasonsTold(node)).toEqual([])
    await node.clock.advance(400)
    await node.settle()
    expect(reasonsTold(node)).toEqual(['OOMKilled 137'])
    const { phase, containerStatuses: [container] = [] } = node.pod('web').status ?? {}
    expect([phase, container?.restartCount]).toEqual(restartPolicy === 'Always' ? ['Running', 1] : ['Failed', 0])
    await node.stop()
  },
)

test('of a container that was killed for another reason people are told half a second later, and it starts again', async () => {
  const container = (_: string, attempt: number) => (attempt === 0 ? { runsForMs: 1000, exitCode: 137 } : {})
  const node = new TestNode({ runtime: { behaviour: () => ({ container }) } })
  await node.run('web', {})
  await node.clock.advance(1600)
  await node.settle()
  expect(reasonsTold(node)).toEqual(['Error 137'])
  expect(node.pod('web').status?.containerStatuses).toMatchObject([{ restartCount: 1, state: { running: {} } }])
  await node.stop()
})

test('what has been told of an end is put right when the runtime notices later still', async () => {
  const node = new TestNode({ runtime: outOfMemory(2000) })
  await node.run('web', {})
  await node.clock.advance(1700)
  await node.settle()
  expect(reasonsTold(node)).toEqual(['Error 137'])
  await node.clock.advance(2000)
  await node.settle()
  expect(reasonsTold(node)).toEqual(['Error 137', 'OOMKilled 137'])
  expect(node.pod('web').status?.containerStatuses).toMatchObject([{ restartCount: 1, state: { running: {} } }])
  await node.stop()
})

test('containers that the node ends by force keep nobody waiting', async () => {
  const behaviour = () => ({ container: () => ({ stopsAfterMs: 100_000 }) })
  const node = new TestNode({ runtime: { behaviour } })
  await node.run('web', {})
  await node.api.delete(pods, { namespace: 'default', name: 'web' }, { gracePeriodSeconds: 2 })
  await node.settle()
  await node.clock.advance(2000)
  await node.settle()
  expect(node.has('web')).toBe(false)
  await node.stop()
})
