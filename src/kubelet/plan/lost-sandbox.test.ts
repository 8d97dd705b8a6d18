import { expect, test } from 'vitest'
import { TestNode } from '../testing/node.ts'

const image = 'app:1'
const initContainers = [
  { name: 'first', image },
  { name: 'second', image },
]

/** A node whose containers end after a second, and which notes what starts. */
function nodeWith(exitCodes: Readonly<Record<string, number>> = {}): {
  readonly node: TestNode
  readonly starts: string[]
  readonly losesSandboxOnce: (at: 'createContainer' | 'startContainer', name: string) => void
} {
  const node = new TestNode({
    runtime: {
      behaviour: () => ({ container: (name) => ({ runsForMs: 1000, exitCode: exitCodes[name] ?? 0 }) }),
    },
  })
  const starts: string[] = []
  const { runtime } = node
  const create = runtime.createContainer.bind(runtime)
  const start = runtime.startContainer.bind(runtime)
  const made = new Map<string, { readonly name: string; readonly sandboxId: string }>()
  const losses = { createContainer: '', startContainer: '' }
  const lose = async (at: keyof typeof losses, name: string, sandboxId: string): Promise<void> => {
    if (losses[at] !== name) return
    losses[at] = ''
    await runtime.stopPodSandbox(sandboxId)
    throw new Error('the runtime went away')
  }
  runtime.createContainer = async (sandboxId, config) => {
    const { name } = config.metadata
    await lose('createContainer', name, sandboxId)
    const id = await create(sandboxId, config)
    made.set(id, { name, sandboxId })
    return id
  }
  runtime.startContainer = async (id) => {
    const { name = '', sandboxId = '' } = made.get(id) ?? {}
    await lose('startContainer', name, sandboxId)
    starts.push(name)
    await start(id)
  }
  return { node, starts, losesSandboxOnce: (at, name) => (losses[at] = name) }
}

test.each(['createContainer', 'startContainer'] as const)(
  'a pod that runs once and loses its sandbox at %s of its app begins anew and ends',
  async (at) => {
    const { node, starts, losesSandboxOnce } = nodeWith()
    losesSandboxOnce(at, 'app')
    await node.run('job', { restartPolicy: 'Never', initContainers })
    await node.clock.advance(60_000)
    await node.settle()
    expect(starts).toEqual(['first', 'second', 'first', 'second', 'app'])
    expect(node.pod('job').status?.phase).toBe('Succeeded')
    await node.stop()
  },
)

test('of a pod that runs once and loses its sandbox on the way only what was not yet started starts in the next', async () => {
  const { node, starts, losesSandboxOnce } = nodeWith()
  losesSandboxOnce('createContainer', 'other')
  const lifecycle = { postStart: { exec: { command: ['true'] } } }
  const containers = [
    { name: 'app', image, lifecycle },
    { name: 'other', image },
  ]
  await node.run('job', { restartPolicy: 'Never', containers })
  await node.clock.advance(60_000)
  await node.settle()
  expect(starts).toEqual(['app', 'other'])
  expect(node.pod('job').status).toMatchObject({
    phase: 'Failed',
    containerStatuses: [{ state: { terminated: { exitCode: 137 } } }, { state: { terminated: { exitCode: 0 } } }],
  })
  await node.stop()
})

test('a pod that runs once and loses its sandbox when its app runs has failed, and runs nothing again', async () => {
  const { node, starts } = nodeWith()
  await node.run('job', { restartPolicy: 'Never' })
  const [sandbox] = await node.runtime.listPodSandboxes()
  await node.runtime.stopPodSandbox(sandbox?.id ?? '')
  await node.clock.advance(60_000)
  await node.settle()
  expect(starts).toEqual(['app'])
  expect(node.pod('job').status?.phase).toBe('Failed')
  await node.stop()
})

test('a pod that runs once and whose initialization has failed gets no other sandbox', async () => {
  const { node, starts } = nodeWith({ first: 3 })
  await node.run('job', { restartPolicy: 'Never', initContainers })
  await node.clock.advance(60_000)
  await node.settle()
  expect(starts).toEqual(['first'])
  expect(node.pod('job').status?.phase).toBe('Failed')
  await node.stop()
})

test('init containers of a pod that restarts all run in its new sandbox, though its app was made in the old one', async () => {
  const { node, starts, losesSandboxOnce } = nodeWith()
  losesSandboxOnce('startContainer', 'app')
  await node.run('web', { restartPolicy: 'Always', initContainers })
  await node.clock.advance(60_000)
  await node.settle()
  expect(starts.slice(0, 5)).toEqual(['first', 'second', 'first', 'second', 'app'])
  await node.stop()
})
