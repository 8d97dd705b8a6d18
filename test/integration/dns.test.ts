import { createSocket } from 'node:dgram'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { configmaps, namespaces, pods, services } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import { silentLogger, systemClock, VirtualClock } from '#base'
import { createClient, createInformerFactory } from '#client'
import type { Client, Transport } from '#client'
import { createDns } from '#dns'
import type { Dns, Exchange } from '#dns'
import { createDnsServer, createExchange } from '#dns/server'
import { forbidden } from '#machinery'
import { MemoryApi } from '../../src/client/testing/memory-api.ts'

interface Packet {
  encode(packet: object): Buffer
  decode(bytes: Buffer): Decoded
}
interface Answer {
  readonly name: string
  readonly type: string
  readonly ttl: number
  readonly data: unknown
}
interface Decoded {
  readonly id: number
  readonly rcode: string
  readonly flag_aa: boolean
  readonly flag_tc: boolean
  readonly questions: readonly { readonly name: string; readonly type: string }[]
  readonly answers: readonly Answer[]
  readonly authorities: readonly Answer[]
}
const packet: Packet = createRequire(import.meta.url)('dns-packet')

/** A server of the world outside, which knows some names and can be out of order. */
class World implements Exchange {
  readonly asked: string[] = []
  readonly records = new Map<string, readonly Partial<Answer>[]>()
  down = new Set<string>()
  truncates = false

  async exchange(server: string, message: Uint8Array, transport: 'udp' | 'tcp'): Promise<Uint8Array> {
    await Promise.resolve()
    const query = packet.decode(Buffer.from(message))
    const [question] = query.questions
    this.asked.push(`${server} ${transport} ${question?.name} ${question?.type}`)
    if (this.down.has(server)) throw new Error('down')
    const known = this.records.get(question?.name ?? '')
    const soa = { mname: 'ns', rname: 'x', serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 20 }
    const truncated = this.truncates && transport === 'udp'
    return packet.encode({
      type: 'response',
      id: query.id,
      flags: (known ? 0 : 3) | (truncated ? 0x200 : 0),
      questions: query.questions,
      answers: truncated ? [] : (known ?? []).filter(({ type }) => type === question?.type || type === 'CNAME'),
      authorities: known ? [] : [{ type: 'SOA', name: 'org', ttl: 100, data: soa }],
    })
  }
}

const address = (name: string, data: string, ttl = 60): Partial<Answer> => ({ name, type: 'A', ttl, data })

interface Rig {
  readonly client: Client
  readonly clock: VirtualClock
  readonly world: World
  readonly dns: Dns
  /** Asks from an address: `web.default.svc.cluster.local`. */
  readonly ask: (name: string, type?: string, from?: string) => Promise<Decoded>
}

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/** @param through stands between the DNS and the API. */
async function rig(through = (transport: Transport): Transport => transport): Promise<Rig> {
  const clock = new VirtualClock()
  const { transport } = new MemoryApi()
  const client = createClient(transport, { userAgent: 'test' })
  const informers = createInformerFactory(createClient(through(transport), { userAgent: 'dns' }), { clock })
  const world = new World()
  const dns = createDns({
    informers,
    clock,
    logger: silentLogger,
    exchange: world,
    upstreams: () => ['192.0.2.1', '192.0.2.2'],
    addresses: ['10.96.0.10'],
    nodeName: 'n1',
    searchDomains: () => ['corp.example'],
  })
  await client.create(namespaces, { metadata: { name: 'default' }, spec: {} })
  await client.create(services, {
    metadata: { namespace: 'default', name: 'web' },
    spec: { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'], ports: [{ name: 'http', port: 80 }] },
  })
  await client.create(services, {
    metadata: { namespace: 'default', name: 'out' },
    spec: { type: 'ExternalName', externalName: 'www.example.org' },
  })
  const controller = new AbortController()
  const running = [informers.start(controller.signal), dns.start(controller.signal)]
  stops.push(async () => {
    controller.abort()
    await Promise.all(running)
  })
  await clock.advance(10)
  const ask = async (name: string, type = 'A', from = '10.244.1.9'): Promise<Decoded> => {
    const message = packet.encode({ type: 'query', id: 7, flags: 256, questions: [{ name, type }] })
    const answer = await dns.respond(message, from, 'udp')
    if (!answer) throw new Error('no answer')
    return packet.decode(Buffer.from(answer))
  }
  return { client, clock, world, dns, ask }
}
const brief = ({ rcode, answers }: Decoded): unknown => [
  rcode,
  ...answers.map(({ name, type, data }) => `${name} ${type} ${String(data)}`),
]

describe('names of the cluster', () => {
  test('are answered with authority, and what is not there with a denial that can be kept', async () => {
    const { ask, world } = await rig()
    const found = await ask('web.default.svc.cluster.local')
    expect(brief(found)).toEqual(['NOERROR', 'web.default.svc.cluster.local A 10.96.0.1'])
    expect(found.flag_aa).toBe(true)
    const none = await ask('none.default.svc.cluster.local')
    expect(none.rcode).toBe('NXDOMAIN')
    expect(none.authorities[0]).toMatchObject({ name: 'cluster.local', type: 'SOA', ttl: 5 })
    expect(await ask('web.default.svc.cluster.local', 'AAAA')).toMatchObject({ rcode: 'NOERROR', answers: [] })
    expect(world.asked).toEqual([])
  })

  test('fail until the cluster is known', async () => {
    const client = createClient(new MemoryApi().transport, { userAgent: 'test' })
    const informers = createInformerFactory(client, { clock: new VirtualClock() })
    const dns = createDns({
      informers,
      clock: new VirtualClock(),
      logger: silentLogger,
      exchange: new World(),
      upstreams: () => [],
      addresses: [],
    })
    const message = packet.encode({
      type: 'query',
      id: 7,
      questions: [{ name: 'web.default.svc.cluster.local', type: 'A' }],
    })
    const answer = await dns.respond(message, '10.244.1.9', 'udp')
    expect(packet.decode(Buffer.from(answer ?? [])).rcode).toBe('SERVFAIL')
  })

  test('are answered where the configuration may not be read', async () => {
    const { ask, clock } = await rig((transport) => async (request) => {
      if (request.path.includes('/configmaps')) throw forbidden({ group: '', resource: 'configmaps' }, '', 'not you')
      return transport(request)
    })
    expect(brief(await ask('web.default.svc.cluster.local'))).toEqual(['SERVFAIL'])
    await clock.advance(3000)
    expect(brief(await ask('web.default.svc.cluster.local'))).toEqual([
      'NOERROR',
      'web.default.svc.cluster.local A 10.96.0.1',
    ])
  })

  test('follow what changes', async () => {
    const { ask, client, clock } = await rig()
    const slice = (ip: string) => ({
      metadata: {
        namespace: 'default',
        name: 'db-1',
        labels: { 'kubernetes.io/service-name': 'db', 'service.kubernetes.io/headless': '' },
      },
      addressType: 'IPv4' as const,
      ports: [],
      endpoints: [{ addresses: [ip], hostname: 'db-0' }],
    })
    await client.create(services, {
      metadata: { namespace: 'default', name: 'db' },
      spec: { clusterIP: 'None', clusterIPs: ['None'] },
    })
    await client.create(endpointslices, slice('10.244.1.5'))
    await clock.advance(10)
    expect(brief(await ask('db-0.db.default.svc.cluster.local'))).toEqual([
      'NOERROR',
      'db-0.db.default.svc.cluster.local A 10.244.1.5',
    ])
    expect(brief(await ask('5.1.244.10.in-addr.arpa', 'PTR'))).toEqual([
      'NOERROR',
      '5.1.244.10.in-addr.arpa PTR db-0.db.default.svc.cluster.local',
    ])
    await client.update(endpointslices, slice('10.244.1.6'))
    await clock.advance(10)
    expect(brief(await ask('db.default.svc.cluster.local'))).toEqual([
      'NOERROR',
      'db.default.svc.cluster.local A 10.244.1.6',
    ])
    expect((await ask('5.1.244.10.in-addr.arpa', 'PTR')).rcode).toBe('NXDOMAIN')
  })

  test('that stand for names outside bring those addresses with them', async () => {
    const { ask, world } = await rig()
    world.records.set('www.example.org', [address('www.example.org', '203.0.113.7')])
    expect(brief(await ask('out.default.svc.cluster.local'))).toEqual([
      'NOERROR',
      'out.default.svc.cluster.local CNAME www.example.org',
      'www.example.org A 203.0.113.7',
    ])
    expect(brief(await ask('out.default.svc.cluster.local', 'CNAME'))).toEqual([
      'NOERROR',
      'out.default.svc.cluster.local CNAME www.example.org',
    ])
  })

  test('that lead in a circle end in a failure', async () => {
    const { ask, client, clock } = await rig()
    await client.create(services, {
      metadata: { namespace: 'default', name: 'circle' },
      spec: { type: 'ExternalName', externalName: 'circle.default.svc.cluster.local' },
    })
    await clock.advance(10)
    expect((await ask('circle.default.svc.cluster.local')).rcode).toBe('SERVFAIL')
  })
})

describe('names outside', () => {
  test('are asked for once while their time lasts, which runs down', async () => {
    const { ask, world, clock, dns } = await rig()
    world.records.set('www.example.org', [address('www.example.org', '203.0.113.7', 60)])
    const [first, second] = await Promise.all([ask('www.example.org'), ask('WWW.example.org')])
    expect([first.answers[0]?.ttl, second.rcode, second.questions[0]?.name]).toEqual([60, 'NOERROR', 'WWW.example.org'])
    await clock.advance(25_000)
    expect((await ask('www.example.org')).answers[0]?.ttl).toBe(35)
    expect(world.asked).toEqual(['192.0.2.1 udp www.example.org A'])
    await clock.advance(36_000)
    await ask('www.example.org')
    expect(world.asked).toHaveLength(2)
    expect([dns.counts.cacheHits, dns.counts.requests.get('A')]).toEqual([1, 4])
  })

  test('that do not exist are remembered for the time their zone says', async () => {
    const { ask, world, clock } = await rig()
    expect((await ask('none.example.org')).rcode).toBe('NXDOMAIN')
    await clock.advance(19_000)
    await ask('none.example.org')
    expect(world.asked).toHaveLength(1)
    await clock.advance(2000)
    await ask('none.example.org')
    expect(world.asked).toHaveLength(2)
  })

  test('are asked of the next server when one is down, which is then asked last for a while', async () => {
    const { ask, world, clock } = await rig()
    world.down.add('192.0.2.1')
    await ask('a.example.org')
    await ask('b.example.org')
    expect(world.asked.map((line) => line.split(' ')[0])).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.2'])
    await clock.advance(6000)
    await ask('c.example.org')
    expect(world.asked[3]).toMatch(/^192\.0\.2\.1 /)
  })

  test('are answered from what was known when no server is there', async () => {
    const { ask, world, clock } = await rig()
    world.records.set('www.example.org', [address('www.example.org', '203.0.113.7', 10)])
    await ask('www.example.org')
    world.down = new Set(['192.0.2.1', '192.0.2.2'])
    await clock.advance(20_000)
    expect(brief(await ask('www.example.org'))).toEqual(['NOERROR', 'www.example.org A 203.0.113.7'])
    expect((await ask('never.example.org')).rcode).toBe('SERVFAIL')
  })

  test('are asked again by TCP when the answer did not fit', async () => {
    const { ask, world } = await rig()
    world.truncates = true
    world.records.set('www.example.org', [address('www.example.org', '203.0.113.7')])
    expect(brief(await ask('www.example.org'))).toEqual(['NOERROR', 'www.example.org A 203.0.113.7'])
    expect(world.asked).toEqual(['192.0.2.1 udp www.example.org A', '192.0.2.1 tcp www.example.org A'])
  })
})

describe('a search path', () => {
  const pod = (spec: Partial<Pod['spec']> = {}): Pod => ({
    metadata: { namespace: 'default', name: 'p' },
    spec: { nodeName: 'n1', containers: [], ...spec },
    status: { phase: 'Running', podIP: '10.244.1.9', podIPs: [{ ip: '10.244.1.9' }] },
  })
  const withPod = async (spec: Partial<Pod['spec']> = {}): Promise<Rig> => {
    const made = await rig()
    await made.client.create(pods, pod(spec))
    await made.clock.advance(10)
    return made
  }

  test('ends with the first question for names of the cluster', async () => {
    const { ask, world } = await withPod()
    expect(brief(await ask('web.default.svc.cluster.local'))).toEqual([
      'NOERROR',
      'web.default.svc.cluster.local A 10.96.0.1',
    ])
    expect(brief(await ask('web.default.default.svc.cluster.local'))).toEqual([
      'NOERROR',
      'web.default.default.svc.cluster.local CNAME web.default.svc.cluster.local',
      'web.default.svc.cluster.local A 10.96.0.1',
    ])
    // There, but not of this type: that is an answer too.
    expect(brief(await ask('web.default.default.svc.cluster.local', 'AAAA'))).toEqual([
      'NOERROR',
      'web.default.default.svc.cluster.local CNAME web.default.svc.cluster.local',
    ])
    expect(world.asked).toEqual([])
  })

  test('ends with the first question for names outside', async () => {
    const { ask, world } = await withPod()
    world.records.set('www.example.org', [address('www.example.org', '203.0.113.7')])
    expect(brief(await ask('www.example.org.default.svc.cluster.local'))).toEqual([
      'NOERROR',
      'www.example.org.default.svc.cluster.local CNAME www.example.org',
      'www.example.org A 203.0.113.7',
    ])
    expect(world.asked.map((line) => line.split(' ')[2])).toEqual(['www.example.org.corp.example', 'www.example.org'])
    expect((await ask('nothing.default.svc.cluster.local')).rcode).toBe('NXDOMAIN')
  })

  test('takes the domains that the pod has of its own', async () => {
    const { ask, world } = await withPod({ dnsConfig: { searches: ['lab.example.'] } })
    world.records.set('x.lab.example', [address('x.lab.example', '203.0.113.8')])
    expect(brief(await ask('x.default.svc.cluster.local'))).toEqual([
      'NOERROR',
      'x.default.svc.cluster.local CNAME x.lab.example',
      'x.lab.example A 203.0.113.8',
    ])
  })

  test.each([
    ['asked from elsewhere', {}, '10.244.1.8'],
    ['of a pod that does not use cluster DNS', { dnsPolicy: 'Default' }, '10.244.1.9'],
    ['of a pod in the network of its node', { hostNetwork: true }, '10.244.1.9'],
  ] as const)('is left to the client when %s', async (_, spec, from) => {
    const { ask, world } = await withPod(spec)
    expect((await ask('web.default.default.svc.cluster.local', 'A', from)).rcode).toBe('NXDOMAIN')
    expect(world.asked).toEqual([])
  })
})

describe('configuration', () => {
  test('has hosts, stub domains and other servers, and changes while running', async () => {
    const { ask, client, clock, world } = await rig()
    world.records.set('db.acme.local', [address('db.acme.local', '10.1.1.1')])
    const data = {
      hosts: '10.2.2.2 printer printer.office # upstairs\n',
      stubDomains: '{"acme.local": ["10.9.9.9:5353"], "bad": "x"}',
      upstreamNameservers: '["10.8.8.8", "nonsense"]',
    }
    await client.create(configmaps, { metadata: { namespace: 'kube-system', name: 'cluster-dns' }, data })
    await clock.advance(10)
    expect(brief(await ask('printer.office'))).toEqual(['NOERROR', 'printer.office A 10.2.2.2'])
    expect(brief(await ask('2.2.2.10.in-addr.arpa', 'PTR'))).toEqual([
      'NOERROR',
      '2.2.2.10.in-addr.arpa PTR printer',
      '2.2.2.10.in-addr.arpa PTR printer.office',
    ])
    expect(brief(await ask('db.acme.local'))).toEqual(['NOERROR', 'db.acme.local A 10.1.1.1'])
    await ask('www.example.org')
    expect(world.asked).toEqual(['10.9.9.9:5353 udp db.acme.local A', '10.8.8.8 udp www.example.org A'])
    await client.delete(configmaps, { namespace: 'kube-system', name: 'cluster-dns' })
    await clock.advance(10)
    expect((await ask('printer.office')).rcode).toBe('NXDOMAIN')
  })
})

test('what nobody should ask is refused', async () => {
  const { dns } = await rig()
  const code = async (message: Buffer): Promise<string> =>
    packet.decode(Buffer.from((await dns.respond(message, 'x', 'udp')) ?? [])).rcode
  const question = { name: 'cluster.local', type: 'A' }
  expect(await code(packet.encode({ type: 'query', questions: [{ ...question, type: 'AXFR' }] }))).toBe('REFUSED')
  expect(await code(packet.encode({ type: 'query', questions: [{ ...question, class: 'CH' }] }))).toBe('REFUSED')
  const future = packet.encode({
    type: 'query',
    questions: [question],
    additionals: [{ type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0, ednsVersion: 1, options: [] }],
  })
  const answer = packet.decode(Buffer.from((await dns.respond(future, 'x', 'udp')) ?? []))
  expect(answer).toMatchObject({ additionals: [{ type: 'OPT', extendedRcode: 1 }] })
})

test('the server answers by UDP and TCP, and the exchange asks by both', async () => {
  const client = createClient(new MemoryApi().transport, { userAgent: 'test' })
  const informers = createInformerFactory(client, { clock: systemClock })
  const exchange = createExchange()
  const common = { informers, clock: systemClock, logger: silentLogger, addresses: ['10.96.0.10'] }
  const dns = createDns({ ...common, exchange, upstreams: () => [] })
  await client.create(namespaces, { metadata: { name: 'default' }, spec: {} })
  await client.create(services, {
    metadata: { namespace: 'default', name: 'big' },
    spec: { clusterIP: 'None', clusterIPs: ['None'] },
  })
  await client.create(endpointslices, {
    metadata: { namespace: 'default', name: 'big-1', labels: { 'kubernetes.io/service-name': 'big' } },
    addressType: 'IPv4',
    ports: [],
    endpoints: Array.from({ length: 100 }, (_, i) => ({ addresses: [`10.244.2.${i}`] })),
  })
  const controller = new AbortController()
  const server = createDnsServer({
    respond: dns.respond,
    addresses: ['127.0.0.1', '::1'],
    port: 0,
    logger: silentLogger,
  })
  const running = [informers, dns, server].map((each) => each.start(controller.signal))
  stops.push(async () => {
    exchange.close()
    controller.abort()
    await Promise.all(running)
  })
  const [four, six] = await server.listening
  await dns.ready
  const name = 'big.default.svc.cluster.local'
  const question = packet.encode({ type: 'query', id: 9, questions: [{ name, type: 'A' }] })
  for (const place of [`127.0.0.1:${four}`, `[::1]:${six}`]) {
    const byUdp = packet.decode(Buffer.from(await exchange.exchange(place, question, 'udp', 1000)))
    expect([byUdp.id, byUdp.flag_tc, byUdp.answers.length < 100]).toEqual([9, true, true])
    const byTcp = packet.decode(Buffer.from(await exchange.exchange(place, question, 'tcp', 1000)))
    expect([byTcp.id, byTcp.flag_tc, byTcp.answers.length]).toEqual([9, false, 100])
  }
  await expect(exchange.exchange('127.0.0.1:1', question, 'udp', 300)).rejects.toThrow()
  const many = await Promise.all(
    Array.from({ length: 300 }, (_, id) =>
      exchange.exchange(
        `127.0.0.1:${four}`,
        packet.encode({ type: 'query', id, questions: [{ name, type: 'A' }] }),
        'udp',
        2000,
      ),
    ),
  )
  expect(many.map((bytes) => packet.decode(Buffer.from(bytes)).id)).toEqual(many.map((_, id) => id))
})

test('a TCP connection may ask many things at once, in pieces; one that talks nonsense is closed', async () => {
  const server = createDnsServer({
    respond: (message) => (message.length < 12 ? undefined : Uint8Array.from(message)),
    addresses: ['127.0.0.1'],
    port: 0,
    logger: silentLogger,
  })
  const controller = new AbortController()
  const running = server.start(controller.signal)
  stops.push(async () => {
    controller.abort()
    await running
  })
  const [port = 0] = await server.listening
  const socket = connect(port, '127.0.0.1')
  const received: Buffer[] = []
  socket.on('data', (data) => received.push(data))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const first = Buffer.from([0, 12, ...Buffer.alloc(12, 1)])
  const second = Buffer.from([0, 13, ...Buffer.alloc(13, 2)])
  socket.write(Buffer.concat([first, second.subarray(0, 5)]))
  await new Promise((resolve) => setTimeout(resolve, 50))
  socket.write(second.subarray(5))
  await expect.poll(() => Buffer.concat(received), { timeout: 30_000 }).toEqual(Buffer.concat([first, second]))
  socket.write(Buffer.from([0, 1, 7]))
  await closed
})

test('a server whose port is taken says so', async () => {
  const taken = createSocket('udp4')
  await new Promise<void>((resolve) => taken.bind(0, '127.0.0.1', () => resolve()))
  const server = createDnsServer({
    respond: () => undefined,
    addresses: ['127.0.0.1'],
    port: taken.address().port,
    logger: silentLogger,
  })
  await expect(server.start(new AbortController().signal)).rejects.toThrow('EADDRINUSE')
  taken.close()
})
