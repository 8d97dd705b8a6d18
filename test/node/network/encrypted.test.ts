import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runCommand } from '#network'
import { Lab } from './lab.ts'
import type { Place } from './lab.ts'
import { podsMissing, RealPods } from './pods.ts'
import type { RealPod } from './pods.ts'

/** Where programs that do the kernel's work take commands, by the name of the device alone. */
const sockets = '/run/wireguard'
const device = 'k8ts-wireguard'

type Engine = 'kernel' | 'program' | { readonly missing: string }

async function engine(): Promise<Engine> {
  const missing = await podsMissing()
  if (missing !== undefined) return { missing }
  try {
    await runCommand(['wg', '--version'])
    const made = ['unshare', '--net', 'ip', 'link', 'add', device, 'type', 'wireguard']
    if (
      await runCommand(made).then(
        () => true,
        () => false,
      )
    )
      return 'kernel'
    await runCommand(['wireguard-go', '--version'])
    return 'program'
  } catch (error) {
    return { missing: String(error) }
  }
}

const found = await engine()
const missing = typeof found === 'object' ? found.missing : undefined
if (missing !== undefined) process.stderr.write(`encrypted pod network is not tried: ${missing}\n`)

describe.skipIf(missing !== undefined)('pod network between segments that have WireGuard', () => {
  const folder = mkdtempSync(join(tmpdir(), 'k8ts-wireguard-'))
  const path = process.env['PATH'] ?? ''
  const programs: ChildProcess[] = []
  let lab: Lab
  let pods: RealPods
  let n1: Place, n2: Place, router: Place
  let a: RealPod, b: RealPod

  /** Gives each network namespace sockets of its own. */
  function divide(program: string): void {
    const file = join(folder, program)
    const inside = `mount --bind "$0" ${sockets} && exec /usr/bin/${program} "$@"`
    const lines = [
      '#!/bin/sh',
      `own=${folder}/$(stat -Lc %i /proc/self/ns/net)`,
      'mkdir -p "$own"',
      `exec unshare --mount sh -c '${inside}' "$own" "$@"`,
    ]
    writeFileSync(file, `${lines.join('\n')}\n`)
    chmodSync(file, 0o755)
  }

  async function startProgram(place: Place): Promise<void> {
    const words = [`--net=${place.namespace}`, join(folder, 'wireguard-go'), '--foreground', device]
    programs.push(spawn('nsenter', words, { stdio: 'ignore' }))
    await vi.waitFor(() => lab.run(place, ['ip', 'link', 'show', device]), { timeout: 10_000 })
  }

  beforeAll(async () => {
    lab = await Lab.create()
    pods = new RealPods()
    ;[n1, n2, router] = [await lab.host('n1'), await lab.host('n2', 78), await lab.host('router')]
    const beyond = await lab.plug(router, 78)
    await lab.run(router, ['sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward'])
    await lab.run(n1, ['ip', 'route', 'add', 'default', 'via', router.address])
    await lab.run(n2, ['ip', 'route', 'add', 'default', 'via', beyond])
    if (found === 'program') {
      mkdirSync(sockets, { recursive: true })
      for (const program of ['wg', 'wireguard-go']) divide(program)
      vi.stubEnv('PATH', `${folder}:${path}`)
      for (const node of [n1, n2]) await startProgram(node)
    }
    await pods.startNode(n1, ['10.244.1.0/24'])
    await pods.startNode(n2, ['10.244.2.0/24'])
    const mtuOf = (node: Place): number => JSON.parse(readFileSync(pods.configOf(node), 'utf8')).plugins[0].mtu
    await vi.waitFor(() => expect([mtuOf(n1), mtuOf(n2)]).toEqual([1440, 1440]), { timeout: 10_000 })
    ;[a, b] = [await pods.startPod(n1, 'a'), await pods.startPod(n2, 'b')]
  })
  afterAll(async () => {
    await pods?.[Symbol.asyncDispose]()
    for (const program of programs) program.kill()
    await lab?.[Symbol.asyncDispose]()
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })

  test('pods and nodes reach pods beyond, and nobody between sees anything but sealed packets', async () => {
    await lab.run(router, ['nft', 'add table ip strict'])
    await lab.run(router, ['nft', 'add chain ip strict forward { type filter hook forward priority 0; policy drop; }'])
    await lab.run(router, ['nft', 'add rule ip strict forward udp dport 51820 accept'])
    const ask = async (from: { readonly agent: Place['agent'] }, { addresses: [address = ''] }: RealPod) => {
      const { text, error } = await from.agent.request({ address, port: 8080, timeout: 2000 })
      return text ?? error
    }
    await expect.poll(() => ask(a, b), { timeout: 20_000 }).toBe(`b ${a.addresses[0]}`)
    expect(await ask(b, a)).toBe(`a ${b.addresses[0]}`)
    expect(await ask(n1, b)).toBe('b 10.244.1.0')
  })

  test('what is too large for the tunnel fits all the same', async () => {
    const large = 'large'.repeat(100_000)
    await b.agent.serve(large, 9090)
    const { text, error } = await a.agent.request({ address: b.addresses[0] ?? '', port: 9090, timeout: 10_000 })
    expect(error ?? text?.length).toBe(large.length + 1 + (a.addresses[0] ?? '').length)
  })

  test('the last node beyond takes the tunnel along', async () => {
    await pods.stop()
    for (const node of [n1, n2]) {
      expect(await lab.run(node, ['ip', '-o', 'link', 'show', 'up'])).not.toContain(device)
      expect(await lab.run(node, ['ip', 'route', 'show', 'proto', '84'])).toBe('')
    }
  })
})
