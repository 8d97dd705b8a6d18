import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RuleTable } from '#proxy'
import type { PacketFilter, RuleSet, ServicePortRules } from '#proxy'
import { createNftPacketFilter } from '#proxy/nft'
import { Lab, labMissing } from './lab.ts'
import type { NodePlace, Place } from './lab.ts'
import { service, slice, tcp, udp } from './services.ts'

const missing = await labMissing()
if (missing !== undefined) console.warn(`packet tests do not run here: ${missing}`)

describe.skipIf(missing !== undefined)('nftables service proxy', () => {
  let lab: Lab
  let n1: NodePlace, n2: NodePlace, outside: Place
  let a1: Place, b1: Place, c2: Place, client1: Place, client2: Place
  let table1: RuleTable, table2: RuleTable
  let filter1: PacketFilter, filter2: PacketFilter
  const node: RuleSet['node'] = {
    podCIDRs: ['10.244.0.0/16', 'fd44::/16'],
    serviceCIDRs: ['10.96.0.0/12', 'fd96::/112'],
    masqueradeAll: false,
  }
  const nodeOf = (place: Place): string => (place === c2 ? 'n2' : 'n1')

  const sync = async (): Promise<void> => {
    await Promise.all([filter1.apply({ servicePorts: table1.take() }), filter2.apply({ servicePorts: table2.take() })])
  }
  const define = async (...args: Parameters<typeof service>): Promise<void> => {
    for (const table of [table1, table2]) table.setService(service(...args))
    await sync()
  }
  const endpoints = async (name: string, places: readonly Place[], family: 'IPv4' | 'IPv6' = 'IPv4'): Promise<void> => {
    for (const table of [table1, table2]) table.setSlice(slice(name, places, nodeOf, family))
    await sync()
  }

  beforeAll(async () => {
    lab = await Lab.create()
    n1 = await lab.node('n1')
    n2 = await lab.node('n2')
    outside = await lab.host('outside')
    await lab.run(outside, ['ip', 'route', 'add', '10.96.0.0/12', 'via', n1.address])
    await lab.run(outside, ['ip', 'route', 'add', '10.244.1.0/24', 'via', n1.address])
    await lab.run(outside, ['ip', 'route', 'add', '10.244.2.0/24', 'via', n2.address])
    await lab.run(outside, ['ip', 'route', 'add', '203.0.113.0/24', 'via', n1.address])
    a1 = await lab.pod(n1, 'a1')
    b1 = await lab.pod(n1, 'b1')
    c2 = await lab.pod(n2, 'c2')
    client1 = await lab.pod(n1, 'client1')
    client2 = await lab.pod(n2, 'client2')
    for (const place of [a1, b1, c2]) {
      await place.agent.serve(place.name, 8080)
      await place.agent.serve(place.name, 9090, 'UDP')
    }
    table1 = new RuleTable({ nodeName: 'n1', addresses: [n1.address] })
    table2 = new RuleTable({ nodeName: 'n2', addresses: [n2.address] })
    const families = ['IPv4', 'IPv6'] as const
    filter1 = createNftPacketFilter({ table: 'lab', families, prefix: ['nsenter', `--net=${n1.namespace}`] })
    filter2 = createNftPacketFilter({ table: 'lab', families, prefix: ['nsenter', `--net=${n2.namespace}`] })
    await filter1.replace({ node, servicePorts: table1.rules })
    await filter2.replace({ node, servicePorts: table2.rules })
  })

  afterAll(async () => {
    await filter1?.close()
    await filter2?.close()
    await lab?.[Symbol.asyncDispose]()
  })

  test('a cluster IP leads pods and nodes to every endpoint, with the pod as source', async () => {
    await define('web', { clusterIP: '10.96.0.1' })
    await endpoints('web', [a1, b1, c2])
    for (const place of [client1, client2]) {
      const answers = await place.agent.requests({ address: '10.96.0.1', port: 80 }, 60)
      expect(new Set(answers)).toEqual(new Set(['a1', 'b1', 'c2'].map((name) => `${name} ${place.address}`)))
    }
    const fromNode = await n1.agent.requests({ address: '10.96.0.1', port: 80 }, 40)
    expect(new Set(fromNode.map((text) => text.split(' ')[0]))).toEqual(new Set(['a1', 'b1', 'c2']))
  })

  test('a cluster IP reached from outside the cluster hides the source, so that the answer comes back', async () => {
    const answers = await outside.agent.requests({ address: '10.96.0.1', port: 80 }, 40)
    expect(new Set(answers.map((text) => text.split(' ')[0]))).toEqual(new Set(['a1', 'b1', 'c2']))
    expect(answers.some((text) => text.endsWith(outside.address))).toBe(false)
  })

  test('a pod reaches itself through its own service', async () => {
    await define('self', { clusterIP: '10.96.0.2' })
    await endpoints('self', [a1])
    const reply = await a1.agent.request({ address: '10.96.0.2', port: 80 })
    expect(reply.text).toMatch(/^a1 /)
    const udpReply = await client1.agent.request({ address: '10.96.0.2', port: 80 })
    expect(udpReply.text).toBe(`a1 ${client1.address}`)
  })

  test('a service without endpoints refuses at once, from pods, nodes and outside, by UDP as well', async () => {
    await define('empty', { clusterIP: '10.96.0.3', type: 'NodePort' }, [
      { ...tcp, nodePort: 30003 },
      { ...udp, nodePort: 30004 },
    ])
    for (const place of [client1, n1, outside]) {
      expect(await place.agent.request({ address: '10.96.0.3', port: 80 })).toMatchObject({ error: 'ECONNREFUSED' })
    }
    expect(await outside.agent.request({ address: n1.address, port: 30003 })).toMatchObject({ error: 'ECONNREFUSED' })
    expect(await client1.agent.request({ address: '10.96.0.3', port: 90, protocol: 'UDP' })).toMatchObject({
      error: 'ECONNREFUSED',
    })
    expect(await outside.agent.request({ address: n1.address, port: 30004, protocol: 'UDP' })).toMatchObject({
      error: 'ECONNREFUSED',
    })
  })

  test('a port that a service does not have is refused, an address that no service has is silent', async () => {
    expect(await client1.agent.request({ address: '10.96.0.1', port: 81 })).toMatchObject({ error: 'ECONNREFUSED' })
    expect(await client1.agent.request({ address: '10.96.77.77', port: 80, timeout: 300 })).toMatchObject({
      error: 'timeout',
    })
    expect(await n1.agent.request({ address: '10.96.77.77', port: 80, timeout: 300 })).toMatchObject({
      error: 'timeout',
    })
  })

  test('a node port leads to every endpoint from any node, and is closed on loopback', async () => {
    await define('np', { clusterIP: '10.96.0.5', type: 'NodePort' }, [
      { ...tcp, nodePort: 30005 },
      { ...udp, nodePort: 30006 },
    ])
    await endpoints('np', [a1, c2])
    for (const target of [n1, n2]) {
      const answers = await outside.agent.requests({ address: target.address, port: 30005 }, 40)
      expect(new Set(answers.map((text) => text.split(' ')[0]))).toEqual(new Set(['a1', 'c2']))
    }
    const datagrams = await outside.agent.requests({ address: n2.address, port: 30006, protocol: 'UDP' }, 40)
    expect(new Set(datagrams.map((text) => text.split(' ')[0]))).toEqual(new Set(['a1', 'c2']))
    expect((await client1.agent.request({ address: n2.address, port: 30005 })).text).toBeDefined()
    expect((await n1.agent.request({ address: n1.address, port: 30005 })).text).toBeDefined()
    expect(await n1.agent.request({ address: '127.0.0.1', port: 30005, timeout: 300 })).toMatchObject({
      error: 'ECONNREFUSED',
    })
  })

  test('external traffic policy Local keeps the source, drops where no endpoint is, and lets pods and nodes through', async () => {
    await define('local', { clusterIP: '10.96.0.6', type: 'NodePort', externalTrafficPolicy: 'Local' }, [
      { ...tcp, nodePort: 30007 },
    ])
    await endpoints('local', [a1])
    expect((await outside.agent.request({ address: n1.address, port: 30007 })).text).toBe(`a1 ${outside.address}`)
    expect(await outside.agent.request({ address: n2.address, port: 30007, timeout: 300 })).toMatchObject({
      error: 'timeout',
    })
    expect((await client2.agent.request({ address: n2.address, port: 30007 })).text).toMatch(/^a1 /)
    expect((await n2.agent.request({ address: n2.address, port: 30007 })).text).toMatch(/^a1 /)
  })

  test('internal traffic policy Local stays on the node, and drops where no endpoint is', async () => {
    await define('inner', { clusterIP: '10.96.0.7', internalTrafficPolicy: 'Local' })
    await endpoints('inner', [b1])
    expect((await client1.agent.request({ address: '10.96.0.7', port: 80 })).text).toBe(`b1 ${client1.address}`)
    expect(await client2.agent.request({ address: '10.96.0.7', port: 80, timeout: 300 })).toMatchObject({
      error: 'timeout',
    })
  })

  test('a load balancer address is redirected for those in its source ranges only', async () => {
    const balanced = {
      ...service('lb', {
        clusterIP: '10.96.0.8',
        type: 'LoadBalancer',
        loadBalancerSourceRanges: [`${outside.address}/32`],
      }),
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.8' }] } },
    }
    for (const table of [table1, table2]) table.setService(balanced)
    await endpoints('lb', [a1, c2])
    expect((await outside.agent.request({ address: '203.0.113.8', port: 80 })).text).toBeDefined()
    expect(await client1.agent.request({ address: '203.0.113.8', port: 80, timeout: 300 })).toMatchObject({
      error: 'timeout',
    })
  })

  test('an external IP leads to endpoints', async () => {
    await define('ext', { clusterIP: '10.96.0.9', externalIPs: ['203.0.113.9'] })
    await endpoints('ext', [c2])
    expect((await outside.agent.request({ address: '203.0.113.9', port: 80 })).text).toMatch(/^c2 /)
    expect((await client1.agent.request({ address: '203.0.113.9', port: 80 })).text).toMatch(/^c2 /)
  })

  test('client affinity keeps clients where they are, moves those whose endpoint goes, and ends with its timeout', async () => {
    const sticky = {
      clusterIP: '10.96.0.10',
      type: 'NodePort',
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 1 } },
    } as const
    const ports = [{ ...tcp, nodePort: 30010 }]
    await define('sticky', sticky, ports)
    await endpoints('sticky', [a1, b1, c2])
    const first = await client1.agent.requests({ address: '10.96.0.10', port: 80 }, 30)
    expect(new Set(first).size).toBe(1)
    const kept = first[0]?.split(' ')[0]
    // The node port of the same service leads to the same endpoint.
    const byNodePort = await client1.agent.requests({ address: n1.address, port: 30010 }, 10)
    expect(new Set(byNodePort.map((text) => text.split(' ')[0]))).toEqual(new Set([kept]))
    const fromOutside = await outside.agent.requests({ address: n2.address, port: 30010 }, 30)
    expect(new Set(fromOutside).size).toBe(1)
    const left = [a1, b1, c2].filter((place) => place.name !== kept)
    await endpoints('sticky', left)
    const moved = await client1.agent.requests({ address: '10.96.0.10', port: 80 }, 30)
    expect(new Set(moved).size).toBe(1)
    expect(left.map((place) => place.name)).toContain(moved[0]?.split(' ')[0])
    const seen = new Set<string>()
    for (let i = 0; i < 12 && seen.size < 2; i++) {
      await new Promise((resolve) => setTimeout(resolve, 1500))
      seen.add((await client1.agent.request({ address: '10.96.0.10', port: 80 })).text ?? '')
    }
    expect(seen.size).toBe(2)
    await define('sticky', { ...sticky, sessionAffinity: 'None' }, ports)
    const free = await client1.agent.requests({ address: '10.96.0.10', port: 80 }, 30)
    expect(new Set(free).size).toBe(2)
  })

  test('flows of UDP move on when their endpoint goes', async () => {
    await define('dns', { clusterIP: '10.96.0.11' }, [udp])
    await endpoints('dns', [a1])
    const from = 40_001
    const target = { address: '10.96.0.11', port: 90, protocol: 'UDP', from } as const
    expect((await client1.agent.request(target)).text).toMatch(/^a1 /)
    await endpoints('dns', [c2])
    expect((await client1.agent.request(target)).text).toMatch(/^c2 /)
  })

  test('IPv6 services work like those of IPv4', async () => {
    await define('six', { clusterIP: 'fd96::1', type: 'NodePort', sessionAffinity: 'ClientIP' }, [
      { ...tcp, nodePort: 30016 },
    ])
    await endpoints('six', [a1, b1, c2], 'IPv6')
    const answers = await client2.agent.requests({ address: 'fd96::1', port: 80 }, 20)
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toMatch(new RegExp(` ${client2.address6}$`))
    expect((await outside.agent.request({ address: n1.address6, port: 30016 })).text).toBeDefined()
    expect(await client1.agent.request({ address: 'fd96::1', port: 81 })).toMatchObject({ error: 'ECONNREFUSED' })
    await define('six', { clusterIP: 'fd96::1' })
    const spread = await client2.agent.requests({ address: 'fd96::1', port: 80 }, 40)
    expect(new Set(spread).size).toBe(3)
  })

  test('endpoints have ports of their own, and agree on one again, without a failed request', async () => {
    await b1.agent.serve('b1-too', 8081)
    const own = (places: readonly Place[], port: number): ReturnType<typeof slice> => {
      const { metadata, ...rest } = slice('named', places, nodeOf)
      const ports = [{ name: 'http', protocol: 'TCP' as const, port }]
      return { ...rest, metadata: { ...metadata, name: `named-${port}` }, ports }
    }
    const set = async (...slices: readonly ReturnType<typeof slice>[]): Promise<void> => {
      for (const table of [table1, table2]) for (const each of slices) table.setSlice(each)
      await sync()
    }
    const to = { address: '10.96.0.12', port: 80 }
    const who = async (): Promise<string[]> => {
      const answers = await client2.agent.requests(to, 40)
      return [...new Set(answers.map((text) => text.split(' ')[0] ?? ''))].sort()
    }
    await define('named', { clusterIP: to.address })
    await set(own([a1, c2], 8080))
    expect(await who()).toEqual(['a1', 'c2'])
    const asked = client1.agent.requests(to, 400)
    await set(own([a1, c2], 8080), own([b1], 8081))
    expect(await who()).toEqual(['a1', 'b1-too', 'c2'])
    await set(own([], 8080))
    expect(await who()).toEqual(['b1-too'])
    expect((await asked).filter((text) => !/^(a1|b1-too|c2) /.test(text))).toEqual([])
  })

  test('endpoints come and go under load without a failed request', async () => {
    await define('load', { clusterIP: '10.96.0.20' })
    await endpoints('load', [a1, b1, c2])
    const stop = await client1.agent.load({ address: '10.96.0.20', port: 80, workers: 4 })
    for (let i = 0; i < 60; i++) {
      await endpoints('load', [[a1, b1], [b1, c2], [c2], [a1, b1, c2]][i % 4] ?? [])
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    const report = await stop()
    expect(report.failures).toEqual([])
    expect(report.requests).toBeGreaterThan(200)
    expect(Object.keys(report.byServer).sort()).toEqual(['a1', 'b1', 'c2'])
  })

  /** Names and handles of the chains by which packets enter the lab's table. */
  async function entriesOf(node: NodePlace): Promise<readonly (readonly [string, number])[]> {
    const { nftables } = JSON.parse(await lab.run(node, ['nft', '-j', 'list', 'chains', 'ip'])) as {
      nftables: { chain?: { table: string; name: string; handle: number; hook?: string } }[]
    }
    return nftables.flatMap(({ chain }) =>
      chain?.table === 'lab' && chain.hook !== undefined ? [[chain.name, chain.handle] as const] : [],
    )
  }

  test('replace() keeps traffic flowing, keeps clients with their endpoints, and takes away what is not wanted', async () => {
    await define('kept', { clusterIP: '10.96.0.21', sessionAffinity: 'ClientIP' })
    await endpoints('kept', [a1, b1, c2])
    const before = (await client1.agent.request({ address: '10.96.0.21', port: 80 })).text
    const stop = await client1.agent.load({ address: '10.96.0.1', port: 80, workers: 4 })
    const fresh = createNftPacketFilter({
      table: 'lab',
      families: ['IPv4', 'IPv6'],
      prefix: ['nsenter', `--net=${n1.namespace}`],
    })
    for (const table of [table1, table2]) table.deleteService(service('self', {}))
    table1.take()
    const entries = await entriesOf(n1)
    for (let i = 0; i < 10; i++) await fresh.replace({ node, servicePorts: table1.rules })
    expect(entries).toContainEqual(['nat-output', expect.any(Number)])
    expect(await entriesOf(n1)).toEqual(entries)
    const report = await stop()
    expect(report.failures).toEqual([])
    await filter1.close()
    filter1 = fresh
    const after = await client1.agent.requests({ address: '10.96.0.21', port: 80 }, 20)
    expect(new Set(after)).toEqual(new Set([before]))
    expect(await client1.agent.request({ address: '10.96.0.2', port: 80, timeout: 300 })).toMatchObject({
      error: 'timeout',
    })
  })

  test('rules outgrow the room that was made for them', async () => {
    const prefix = ['nsenter', `--net=${n2.namespace}`]
    const filter = createNftPacketFilter({ table: 'grown', prefix })
    const rules = (count: number, clusterIP = '10.96.9.9'): ServicePortRules => ({
      namespace: 'default',
      service: 'big',
      port: 'http',
      family: 'IPv4',
      protocol: 'TCP',
      clusterIP,
      frontends: [{ kind: 'ClusterIP', address: clusterIP, port: 80, route: 'Cluster' }],
      endpoints: Array.from({ length: count }, (_, i) => ({
        address: `10.250.${i >> 8}.${i & 255}`,
        port: 80,
        local: false,
      })),
      localEndpoints: [],
    })
    const elements = async (): Promise<number> =>
      (await lab.run(n2, ['nft', 'list', 'map', 'ip', 'grown', 'tcp-endpoints'])).match(/10\.250\./g)?.length ?? 0
    await filter.replace({ node, servicePorts: new Map([['big', rules(5000)]]) })
    expect(await filter.intact()).toBe(true)
    await filter.apply({ servicePorts: new Map([['big', rules(20_000)]]) })
    expect(await elements()).toBe(20_000)
    await filter.apply({ servicePorts: new Map([['big', rules(3)]]) })
    // What left a list stays until no packet can be on its way to it.
    await expect.poll(elements, { timeout: 20_000 }).toBe(3)
    await filter.replace({ node, servicePorts: new Map([['big', rules(5000)]]) })
    // Room was made for 16384; those that left take some of it for a moment.
    await filter.apply({
      servicePorts: new Map([
        ['big', undefined],
        ['other', rules(13_000, '10.96.9.10')],
      ]),
    })
    await expect.poll(elements, { timeout: 20_000 }).toBe(13_000)
    await lab.run(n2, ['nft', 'delete', 'table', 'ip', 'grown'])
    expect(await filter.intact()).toBe(false)
    await filter.close()
  })

  test('two filters of different names do not see each other; clear() leaves nothing behind', async () => {
    const other = createNftPacketFilter({ table: 'other', prefix: ['nsenter', `--net=${n1.namespace}`] })
    await other.replace({ node: { podCIDRs: [], serviceCIDRs: [], masqueradeAll: false }, servicePorts: new Map() })
    await other.clear()
    await other.close()
    expect((await client1.agent.request({ address: '10.96.0.1', port: 80 })).text).toBeDefined()
    await filter1.clear()
    expect(await lab.run(n1, ['nft', 'list', 'ruleset'])).toBe('')
  })
})
