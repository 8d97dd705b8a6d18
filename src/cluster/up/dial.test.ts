import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { Socket as NetSocket } from 'node:net'
import { expect, test } from 'vitest'
import { AgentGoneError } from '../agent/dialling.ts'
import { dialThroughNodes } from './dial.ts'
import type { DiallingNode } from './dial.ts'

const never = new AbortController().signal
const inner = ['10.244.0.0/16', '10.96.0.0/12']
const blocks: { readonly [node: string]: readonly string[] } = { one: ['10.244.0.0/24'], two: ['10.244.1.0/24'] }
const podBlocks = (node: string): readonly string[] => blocks[node] ?? []

/** A node that notes what it is asked for. */
function node(name: string, asked: string[], failure?: Error): DiallingNode {
  return {
    name,
    dial: async (host, port) => {
      asked.push(`${name} ${host}:${port}`)
      if (failure) throw failure
      return new NetSocket()
    },
  }
}

test('pods are reached from their own node, Services and pods of nobody from the first', async () => {
  const asked: string[] = []
  const dial = dialThroughNodes({ nodes: [node('one', asked), node('two', asked)], inner, podBlocks })
  for (const host of ['10.244.1.7', '10.244.0.7', '10.96.0.10', '10.244.9.1']) await dial(host, 80, never)
  expect(asked).toEqual(['two 10.244.1.7:80', 'one 10.244.0.7:80', 'one 10.96.0.10:80', 'one 10.244.9.1:80'])
})

test('a node whose agent is gone is passed over; what the network says is the last word', async () => {
  const asked: string[] = []
  const refused = new Error('dial tcp 10.244.1.7:80: connect: connection refused')
  const gone = new AgentGoneError('the agent has ended')
  const dial = dialThroughNodes({ nodes: [node('one', asked, refused), node('two', asked, gone)], inner, podBlocks })
  await expect(dial('10.244.1.7', 80, never)).rejects.toBe(refused)
  expect(asked).toEqual(['two 10.244.1.7:80', 'one 10.244.1.7:80'])
  const nobody = dialThroughNodes({ nodes: [node('two', asked, gone)], inner, podBlocks })
  await expect(nobody('10.96.0.1', 443, never)).rejects.toBe(gone)
  await expect(dialThroughNodes({ nodes: [], inner, podBlocks })('10.96.0.1', 443, never)).rejects.toThrow(
    'reach 10.96.0.1: there is no node',
  )
})

test('everything else is reached from the machine itself', async () => {
  const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const asked: string[] = []
  const dial = dialThroughNodes({ nodes: [node('one', asked)], inner, podBlocks })
  const socket: Socket = await dial('127.0.0.1', (server.address() as AddressInfo).port, never)
  const heard = await new Promise((resolve) => socket.once('data', (chunk: Buffer) => resolve(chunk.toString())))
  expect([heard, asked]).toEqual(['hello', []])
  socket.destroy()
  server.close()
})
