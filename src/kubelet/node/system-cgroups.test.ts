import { expect, test } from 'vitest'
import { createLogger } from '#base'
import { TestNode } from '../testing/node.ts'

test('the agent and other processes are put into their cgroups at once, and looked after each minute', async () => {
  const asked: string[] = []
  const logged: string[] = []
  const node = new TestNode({
    config: { kubeletCgroups: '/node/agent', systemCgroups: '/node/system', cgroupRoot: '/', oomScoreAdj: -500 },
    processes: {
      keepAgent: async (path, score) => void asked.push(`agent ${path} ${score}`),
      keepOthers: async (path) => {
        asked.push(`others ${path}`)
        throw new Error('failed to move PID 7')
      },
    },
    log: createLogger('info', (level, message, { error }) => void logged.push(`${level} ${message}: ${String(error)}`)),
  })
  await node.settle()
  const once = ['others /node/system', 'agent /node/agent -500']
  expect(asked).toEqual(once)
  expect(logged).toContain('warn Failed to ensure state: failed to move PID 7')
  await node.clock.advance(60_000)
  expect(asked).toEqual([...once, ...once])
  await node.stop()
})

test('an agent that was told of no cgroups moves nobody', async () => {
  const refuse = (): Promise<void> => Promise.reject(new Error('nobody is to be moved'))
  const logged: string[] = []
  const node = new TestNode({
    processes: { keepAgent: refuse, keepOthers: refuse },
    log: createLogger('info', (_, message) => void logged.push(message)),
  })
  await node.clock.advance(60_000)
  expect(logged).not.toContain('Failed to ensure state')
  await node.stop()
})

test('an agent does not start when all processes are to be put where they are', async () => {
  const node = new TestNode({ config: { systemCgroups: '/', cgroupRoot: '/' } })
  await expect(node.ended).rejects.toThrow('Failed to start ContainerManager: system container cannot be root ("/")')
})
