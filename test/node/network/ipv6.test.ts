import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Lab } from './lab.ts'
import type { Place } from './lab.ts'
import { podsMissing, RealPods } from './pods.ts'
import type { RealPod } from './pods.ts'

const missing = await podsMissing()

interface Row {
  readonly stack: string
  /** Blocks of pods of the cluster, and of its nodes. */
  readonly cluster: readonly string[]
  readonly blocksOf: (node: number) => readonly string[]
  readonly addressesOf: (place: Place) => readonly string[]
  /** What ends at the world: by which address of a pod and of the world, and which one of the node is seen there. */
  readonly families: readonly ('IPv4' | 'IPv6')[]
}

const rows: readonly Row[] = [
  {
    stack: 'IPv6 alone',
    cluster: ['fd44::/16'],
    blocksOf: (node) => [`fd44:${node}::/64`],
    addressesOf: ({ address6 }) => [address6],
    families: ['IPv6'],
  },
  {
    stack: 'dual stack',
    cluster: ['10.244.0.0/16', 'fd44::/16'],
    blocksOf: (node) => [`10.244.${node}.0/24`, `fd44:${node}::/64`],
    addressesOf: ({ address, address6 }) => [address, address6],
    families: ['IPv4', 'IPv6'],
  },
]

describe.skipIf(missing !== undefined).each(rows)('pod network of $stack', (row) => {
  const { families } = row
  let lab: Lab
  let pods: RealPods
  let n1: Place, n2: Place, outside: Place
  let a: RealPod, b: RealPod, c: RealPod

  beforeAll(async () => {
    lab = await Lab.create()
    pods = new RealPods()
    ;[n1, n2] = [await lab.host('n1'), await lab.host('n2')]
    // The world lies behind a router, which knows of nodes and not of pods.
    const router = await lab.host('router')
    outside = await lab.host('outside', 79)
    const beyond = await lab.plug(router, 79)
    await lab.run(router, [
      'sh',
      '-c',
      'echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding',
    ])
    for (const node of [n1, n2]) {
      await lab.run(node, ['ip', 'route', 'add', 'default', 'via', router.address])
      await lab.run(node, ['ip', 'route', 'add', '::/0', 'via', router.address6])
    }
    await lab.run(outside, ['ip', 'route', 'add', 'default', 'via', beyond])
    await lab.run(outside, ['ip', 'route', 'add', '::/0', 'via', `fd79::${beyond.split('.')[3]}`])
    for (const [index, node] of [n1, n2].entries()) {
      await pods.startNode(node, row.blocksOf(index + 1), {
        clusterCIDRs: row.cluster,
        addresses: row.addressesOf(node),
      })
    }
    for (const place of [n1, n2, outside]) {
      await place.agent.serve(place.name, 8080)
      for (const address of [place.address, place.address6]) {
        await place.agent.serve(place.name, address.includes(':') ? 8086 : 8084, 'UDP', address)
      }
    }
    ;[a, b, c] = [await pods.startPod(n1, 'a'), await pods.startPod(n1, 'b'), await pods.startPod(n2, 'c')]
  })
  afterAll(async () => {
    await pods?.[Symbol.asyncDispose]()
    await lab?.[Symbol.asyncDispose]()
  })

  const podAddress = ({ addresses }: RealPod, family: Family): string =>
    addresses.find((address) => address.includes(':') === (family === 'IPv6')) ?? 'no address'
  const placeAddress = ({ address, address6 }: Place, family: Family): string =>
    family === 'IPv6' ? address6 : address
  const ask = async (from: { readonly agent: Place['agent'] }, address: string): Promise<string> => {
    const { text, error } = await from.agent.request({ address, port: 8080 })
    return text ?? error ?? ''
  }

  test('pods have an address of each family, and no other', () => {
    for (const [pod, node] of [
      [a, 1],
      [c, 2],
    ] as const) {
      expect(pod.addresses).toEqual(
        row.blocksOf(node).map((block) => block.replace(/\.0\/24|\/64/, (end) => (end === '/64' ? '2' : '.2'))),
      )
    }
  })

  test.each(families)('the world sees the node where a pod asks by %s, over TCP and UDP', async (family) => {
    const address = placeAddress(outside, family)
    for (const [pod, node] of [
      [a, n1],
      [c, n2],
    ] as const) {
      expect(await ask(pod, address)).toBe(`outside ${placeAddress(node, family)}`)
      const port = family === 'IPv6' ? 8086 : 8084
      const datagram = await pod.agent.request({ protocol: 'UDP', address, port })
      expect(datagram.text).toBe(`outside ${placeAddress(node, family)}`)
    }
  })

  test.each(families)('pods and nodes see a pod as it is by %s, on its node and on the other', async (family) => {
    const own = podAddress(a, family)
    expect(await ask(a, podAddress(b, family))).toBe(`b ${own}`)
    expect(await ask(a, podAddress(c, family))).toBe(`c ${own}`)
    expect(await ask(c, own)).toBe(`a ${podAddress(c, family)}`)
    expect(await ask(a, placeAddress(n1, family))).toBe(`n1 ${own}`)
    expect(await ask(a, placeAddress(n2, family))).toBe(`n2 ${own}`)
    const port = family === 'IPv6' ? 8086 : 8084
    const datagram = await a.agent.request({ protocol: 'UDP', address: placeAddress(n2, family), port })
    expect(datagram.text).toBe(`n2 ${own}`)
  })

  test.each(families)('nodes reach pods by %s in their own name', async (family) => {
    expect(await ask(n2, podAddress(a, family))).toBe(`a ${placeAddress(n2, family)}`)
    expect(await ask(n1, podAddress(a, family))).toMatch(/^a /)
  })

  test.each(families)('an address of %s that no pod has is refused, not sent away', async (family) => {
    const [addresses, error] =
      family === 'IPv6'
        ? [['fd44:1::250', 'fd44:2::250', 'fd44:77::1'], 'ENETUNREACH']
        : [['10.244.1.250', '10.244.2.250', '10.244.77.1'], 'EHOSTUNREACH']
    for (const address of addresses) {
      // What is refused while it is being sent, the kernel takes for refused only when it is sent once more.
      expect((await a.agent.request({ address, port: 8080, timeout: 10_000 })).error).toBe(error)
    }
  })
})

type Family = Row['families'][number]
