import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findLeftBehind } from './left-behind.ts'

let state = ''
let shims: ChildProcess[] = []
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'k8l-'))
  shims = []
})
afterEach(() => {
  for (const { pid = 0, exitCode, signalCode } of shims) {
    if (exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL')
  }
  rmSync(state, { recursive: true, force: true })
})

const id = (letter: string): string => letter.repeat(64)

/** A process that looks like a shim of a sandbox; with a child or without. */
async function shim(letter: string, hasChild = false, socket = `${state}/sock`): Promise<ChildProcess> {
  const bundle = join(state, 'io.containerd.runtime.v2.task/k8s.io', id(letter))
  mkdirSync(bundle, { recursive: true })
  const child = hasChild ? "require('child_process').spawn('sleep', ['100']);" : ''
  const name = "require('fs').writeFileSync('/proc/self/comm', 'containerd-shim');"
  const script = `${name} ${child} setInterval(() => {}, 1e6); process.stdout.write('up')`
  const words = ['-e', script, '--', '-namespace', 'k8s.io', '-id', id(letter), '-address', socket]
  const started = spawn(process.execPath, words, { argv0: '/usr/bin/containerd-shim-runc-v2', detached: true })
  shims.push(started)
  await new Promise((resolve) => started.stdout.once('data', resolve))
  return started
}

const look = (sandboxes: readonly { readonly letter: string; readonly state: 'ready' | 'notReady' }[]) =>
  findLeftBehind({
    state,
    socket: `${state}/sock`,
    podAddresses: join(state, 'addresses'),
    runtime: {
      listPodSandboxes: () =>
        Promise.resolve(sandboxes.map((each) => ({ id: id(each.letter), state: each.state }) as never)),
    },
  })

test('shims that hold nothing are left behind, and what they hold when nobody knows of it', async () => {
  const [empty, lost, ended] = [await shim('a'), await shim('b', true), await shim('c')]
  await shim('d')
  await shim('e', true)
  await shim('f', false, '/run/other.sock')
  const found = await look([
    { letter: 'c', state: 'notReady' },
    { letter: 'd', state: 'ready' },
    { letter: 'e', state: 'notReady' },
  ])
  const wanted = [empty, lost, ended]
  expect([...found.keys()].sort()).toEqual(wanted.map(({ pid }) => `shim ${pid}`).sort())
  const ends = wanted.map((each) => new Promise((resolve) => each.once('exit', resolve)))
  for (const remove of found.values()) await remove()
  await Promise.all(ends)
  const bundles = readdirSync(join(state, 'io.containerd.runtime.v2.task/k8s.io'))
  expect(bundles).toEqual([id('d'), id('e'), id('f')])
})

test('a look at all processes leaves others their turn', async () => {
  let isOver = false
  const order: string[] = []
  setImmediate(() => order.push(isOver ? 'too late' : 'meanwhile'))
  await look([])
  isOver = true
  await new Promise((resolve) => setImmediate(resolve))
  expect(order).toEqual(['meanwhile'])
})

test('network namespaces that no process is in and addresses of no sandbox are left behind', async () => {
  const namespaces = join(state, 'io.containerd.grpc.v1.cri/netns')
  const addresses = join(state, 'addresses/pods')
  for (const folder of [namespaces, addresses]) mkdirSync(folder, { recursive: true })
  writeFileSync(join(namespaces, 'cni-1'), '')
  writeFileSync(join(addresses, '10.0.0.2'), `${id('a')}\r\neth0`)
  writeFileSync(join(addresses, '10.0.0.3'), `${id('b')}\r\neth0`)
  writeFileSync(join(addresses, 'fd00::4'), `${id('c')}\neth0`)
  writeFileSync(join(addresses, 'last_reserved_ip.0'), '10.0.0.3')
  writeFileSync(join(addresses, 'lock'), '')
  const found = await look([{ letter: 'b', state: 'notReady' }])
  for (const remove of found.values()) await remove()
  expect(readdirSync(addresses).sort()).toEqual(['10.0.0.3', 'last_reserved_ip.0', 'lock'])
  expect(existsSync(join(namespaces, 'cni-1'))).toBe(false)
  expect((await look([{ letter: 'b', state: 'notReady' }])).size).toBe(0)
})
