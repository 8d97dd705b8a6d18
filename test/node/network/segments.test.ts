import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { nodes } from '#api/core/v1'
import { Lab } from './lab.ts'
import type { Place } from './lab.ts'
import { podsMissing, RealPods } from './pods.ts'
import type { RealPod } from './pods.ts'

const missing = await podsMissing()

describe.skipIf(missing !== undefined)('pod network across segments', () => {
  let lab: Lab
  let pods: RealPods
  let n1: Place, n2: Place, n3: Place, router: Place
  let early: RealPod, a: RealPod, b: RealPod, c: RealPod

  beforeAll(async () => {
    lab = await Lab.create()
    pods = new RealPods()
    ;[n1, n2, n3, router] = [
      await lab.host('n1'),
      await lab.host('n2'),
      await lab.host('n3', 78),
      await lab.host('router'),
    ]
    const beyond = await lab.plug(router, 78)
    // It knows the machines, and drops what is from or for anybody else, as networks of clouds do.
    await lab.run(router, ['sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward'])
    await lab.run(router, ['nft', 'add table ip strict'])
    await lab.run(router, ['nft', 'add chain ip strict forward { type filter hook forward priority 0; }'])
    for (const side of ['saddr', 'daddr']) {
      await lab.run(router, ['nft', `add rule ip strict forward ip ${side} != 192.168.0.0/16 drop`])
    }
    for (const node of [n1, n2]) await lab.run(node, ['ip', 'route', 'add', 'default', 'via', router.address])
    await lab.run(n3, ['ip', 'route', 'add', 'default', 'via', beyond])
    await pods.startNode(n1, ['10.244.1.0/24'])
    await pods.startNode(n2, ['10.244.2.0/24'])
    early = await pods.startPod(n1, 'early')
    await pods.startNode(n3, ['10.244.3.0/24'])
    await n3.agent.serve('n3', 8080)
    // Configurations change when the first node beyond is known.
    await vi.waitFor(() => expect(mtuOf(n1)).toBe(1450))
    ;[a, b, c] = [await pods.startPod(n1, 'a'), await pods.startPod(n2, 'b'), await pods.startPod(n3, 'c')]
  })
  afterAll(async () => {
    await pods?.[Symbol.asyncDispose]()
    await lab?.[Symbol.asyncDispose]()
  })

  const mtuOf = (node: Place): number => JSON.parse(readFileSync(pods.configOf(node), 'utf8')).plugins[0].mtu
  const ask = async (from: { readonly agent: Place['agent'] }, address = '', timeout = 1000): Promise<string> => {
    const { text, error } = await from.agent.request({ address, port: 8080, timeout })
    return text ?? error ?? ''
  }

  test('pods reach each other as themselves, straight on one segment and through the tunnel beyond', async () => {
    expect(await ask(a, b.addresses[0])).toBe(`b ${a.addresses[0]}`)
    expect(await ask(a, c.addresses[0])).toBe(`c ${a.addresses[0]}`)
    expect(await ask(c, a.addresses[0])).toBe(`a ${c.addresses[0]}`)
    expect(await ask(c, b.addresses[0])).toBe(`b ${c.addresses[0]}`)
    const route = await lab.run(n1, ['ip', 'route', 'get', b.addresses[0] ?? ''])
    expect(route).toContain(`via ${n2.address} dev eth0`)
  })

  test('nodes reach pods beyond, and pods the nodes beyond, which see the node that asks', async () => {
    expect(await ask(n1, c.addresses[0])).toBe('c 10.244.1.0')
    expect(await ask(a, n3.address)).toBe(`n3 ${n1.address}`)
  })

  test('what is too large for the tunnel fits all the same, also from pods that were there before it', async () => {
    const linkMtu = async (pod: RealPod): Promise<number> =>
      JSON.parse(await lab.run({ ...n1, namespace: pod.namespace }, ['ip', '-j', 'link', 'show', 'eth0']))[0].mtu
    expect([await linkMtu(early), await linkMtu(a), await linkMtu(c)]).toEqual([1500, 1450, 1450])
    const large = 'large'.repeat(100_000)
    await early.agent.serve(large, 9090)
    await c.agent.serve(large, 9090)
    for (const [from, to] of [
      [early, c],
      [c, early],
      [a, c],
    ] as const) {
      const { text, error } = await from.agent.request({ address: to.addresses[0] ?? '', port: 9090, timeout: 3000 })
      expect(error ?? text?.length).toBe(large.length + 1 + (from.addresses[0] ?? '').length)
    }
  })

  test('a partition between segments heals by itself', async () => {
    await lab.run(router, ['ip', 'link', 'set', 'eth78', 'down'])
    expect(await ask(a, c.addresses[0], 300)).toMatch(/timeout|EHOSTUNREACH/)
    await lab.run(router, ['ip', 'link', 'set', 'eth78', 'up'])
    await expect.poll(() => ask(a, c.addresses[0], 500), { timeout: 10_000 }).toBe(`c ${a.addresses[0]}`)
  })

  test('a node that goes takes its part of the tunnel along, the last one all of it', async () => {
    await pods.client.delete(nodes, { name: 'n3' })
    await expect.poll(() => lab.run(n1, ['ip', '-o', 'link', 'show', 'type', 'vxlan'])).toBe('')
    expect(await ask(a, c.addresses[0], 300)).toBe('EHOSTUNREACH')
    await pods.stop()
    for (const node of [n1, n2, n3]) {
      expect(await lab.run(node, ['ip', '-o', 'link', 'show', 'type', 'vxlan'])).toBe('')
      expect(await lab.run(node, ['ip', 'route', 'show', 'proto', '84'])).toBe('')
    }
  })
})
