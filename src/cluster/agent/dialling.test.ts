import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AgentGoneError, DialledConnections } from './dialling.ts'
import type { FromAgent } from './messages.ts'

/** An agent that does nothing but dial, and never when it is asked for port 1. */
const agentProgram = `
import { connect } from 'node:net'
process.on('message', ({ id, host, port }) => {
  if (port === 1) return
  const socket = connect({ host, port })
  socket.once('error', ({ code, message }) => process.send({ type: 'dialled', id, failure: { code, message } }))
  socket.once('connect', () => { socket.pause(); process.send({ type: 'dialled', id }, socket) })
})
`

const never = new AbortController().signal
const connections = new DialledConnections()
let folder = ''
let agent: ChildProcess

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k8ts-dial-'))
  await writeFile(join(folder, 'agent.mjs'), agentProgram)
  agent = fork(join(folder, 'agent.mjs'), { execArgv: [] })
  agent.on('message', (message: FromAgent, handle) => {
    if (message.type === 'dialled') connections.hear(message, handle)
  })
  agent.on('disconnect', () => connections.lose())
})
afterAll(async () => {
  agent.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

test('connections that another process makes are handed over, whoever speaks first', async () => {
  const server = createServer((socket) => {
    socket.write('welcome ')
    socket.on('data', (chunk: Buffer) => socket.end(chunk))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const all = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const socket: Socket = await connections.dial(agent, '127.0.0.1', port, never)
      let heard = ''
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString()))
      socket.write(`number ${index}`)
      await new Promise((resolve) => socket.once('end', resolve))
      return heard
    }),
  )
  expect(all).toEqual(Array.from({ length: 20 }, (_, index) => `welcome number ${index}`))
  server.close()
})

test('what the network says comes back in the words that users know', async () => {
  await expect(connections.dial(agent, '127.0.0.1', 2, never)).rejects.toThrow(
    'dial tcp 127.0.0.1:2: connect: connection refused',
  )
})

test('waiting ends with the signal, and with the agent', async () => {
  const stop = new AbortController()
  const stopped = connections.dial(agent, '127.0.0.1', 1, stop.signal)
  stop.abort(new Error('enough'))
  await expect(stopped).rejects.toThrow('enough')
  const lost = connections.dial(agent, '127.0.0.1', 1, never)
  agent.kill('SIGKILL')
  await expect(lost).rejects.toThrow(AgentGoneError)
  await expect(connections.dial(agent, '127.0.0.1', 1, never)).rejects.toThrow('the agent does not run')
  await expect(connections.dial(undefined, '127.0.0.1', 1, never)).rejects.toThrow('the agent does not run')
})
