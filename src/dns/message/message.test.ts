import { createRequire } from 'node:module'
import { array, assert, constantFrom, integer, property, record, uint8Array } from 'fast-check'
import { expect, test } from 'vitest'
import { isWithin, nameLength, readName } from './name.ts'
import { readQuery, readReply } from './read.ts'
import { codes, emptyReply, types } from './types.ts'
import type { DnsRecord, Query, Reply } from './types.ts'
import { MessageWriter } from './write.ts'

/** What we use of a package without types of its own. */
interface Packet {
  encode(packet: object): Uint8Array
  decode(bytes: Buffer): Decoded
}
interface Decoded {
  readonly flag_tc: boolean
  readonly answers: readonly unknown[]
  readonly additionals: readonly { readonly type: string }[]
}
const dnsPacket: Packet = createRequire(import.meta.url)('dns-packet')
const decode = (bytes: Uint8Array): Decoded => dnsPacket.decode(Buffer.from(bytes))

const writer = new MessageWriter()

const ask = (name: string, type: 'A' | 'AAAA' | 'SRV' = 'A', edns?: number): Uint8Array =>
  Uint8Array.from(
    dnsPacket.encode({
      type: 'query',
      id: 4711,
      flags: 256,
      questions: [{ name, type }],
      ...(edns === undefined
        ? {}
        : { additionals: [{ type: 'OPT', name: '.', udpPayloadSize: edns, flags: 0, options: [] }] }),
    }),
  )
const query = (name: string, edns?: number): Query => {
  const read = readQuery(ask(name, 'A', edns))
  if (!read || 'code' in read) throw new Error('no query')
  return read
}
const address = (name: string, last: number): DnsRecord => ({
  name,
  type: types.A,
  ttl: 5,
  data: { kind: 'bytes', bytes: Uint8Array.of(10, 0, 0, last) },
})

test('readQuery() reads what others write, lower case', () => {
  expect(query('Foo.Default.svc.CLUSTER.local')).toMatchObject({
    id: 4711,
    recursionDesired: true,
    question: { name: 'foo.default.svc.cluster.local', type: 1, class: 1 },
  })
  expect(query('a.b').edns).toBeUndefined()
  expect(query('a.b', 4096).edns).toEqual({ size: 4096, dnssec: false, version: 0 })
  expect(query('a.b', 100).edns?.size).toBe(512)
})

test('readQuery() tells what deserves no answer from what deserves an error', () => {
  const bytes = ask('a.b')
  expect(readQuery(bytes.subarray(0, 11))).toBeUndefined()
  const answer = bytes.slice()
  answer[2] = 0x80
  expect(readQuery(answer)).toBeUndefined()
  const update = bytes.slice()
  update[2] = 5 << 3
  expect(readQuery(update)).toEqual({ id: 4711, code: codes.notImplemented })
  expect(readQuery(bytes.subarray(0, 14))).toEqual({ id: 4711, code: codes.formatError })
  const none = bytes.slice()
  none[5] = 0
  expect(readQuery(none)).toEqual({ id: 4711, code: codes.formatError })
})

test('readQuery() survives whatever comes', () => {
  assert(property(uint8Array({ maxLength: 80 }), (bytes) => void readQuery(bytes)))
  assert(property(uint8Array({ minLength: 12, maxLength: 80 }), (bytes) => void readReply(bytes)))
})

test('readName() refuses pointers that lead in circles or nowhere', () => {
  expect(readName(Uint8Array.of(0xc0, 0x00), 0)).toBeUndefined()
  expect(readName(Uint8Array.of(1, 97, 0xc0, 0x00), 2)).toBeUndefined()
  expect(readName(Uint8Array.of(1, 97, 0, 1, 98, 0xc0, 0x00), 3)).toEqual({ name: 'b.a', end: 7 })
  expect(readName(Uint8Array.of(5, 97), 0)).toBeUndefined()
})

test('reply() is read by others as meant', () => {
  const reply: Reply = {
    code: codes.noError,
    authoritative: true,
    answers: [
      { name: 'foo.svc', type: types.CNAME, ttl: 5, data: { kind: 'name', target: 'bar.svc' } },
      address('bar.svc', 1),
      {
        name: '_x._tcp.bar.svc',
        type: types.SRV,
        ttl: 5,
        data: { kind: 'srv', priority: 0, weight: 50, port: 80, target: 'bar.svc' },
      },
    ],
    authority: [
      {
        name: 'svc',
        type: types.SOA,
        ttl: 30,
        data: {
          kind: 'soa',
          server: 'ns.svc',
          mailbox: 'x.svc',
          serial: 3_000_000_000,
          refresh: 1,
          retry: 2,
          expire: 3,
          minimum: 4,
        },
      },
    ],
    additional: [
      {
        name: 'bar.svc',
        type: types.AAAA,
        ttl: 5,
        data: { kind: 'bytes', bytes: Uint8Array.from({ length: 16 }, (_, i) => i) },
      },
    ],
  }
  const bytes = writer.reply(query('foo.svc', 1232), reply, 1232)
  const decoded = decode(bytes)
  expect(decoded).toMatchObject({
    id: 4711,
    flag_aa: true,
    flag_rd: true,
    flag_ra: true,
    flag_tc: false,
    rcode: 'NOERROR',
    questions: [{ name: 'foo.svc', type: 'A' }],
    answers: [
      { name: 'foo.svc', type: 'CNAME', ttl: 5, data: 'bar.svc' },
      { name: 'bar.svc', type: 'A', data: '10.0.0.1' },
      { name: '_x._tcp.bar.svc', type: 'SRV', data: { priority: 0, weight: 50, port: 80, target: 'bar.svc' } },
    ],
    authorities: [
      { name: 'svc', type: 'SOA', data: { mname: 'ns.svc', rname: 'x.svc', serial: 3_000_000_000, minimum: 4 } },
    ],
  })
  expect(decoded.additionals.map(({ type }) => type)).toEqual(['AAAA', 'OPT'])
  const { answers, authority, additional } = reply
  expect(readReply(bytes)).toMatchObject({ id: 4711, code: 0, truncated: false, answers, authority, additional })
})

test('reply() repeats the question as it was written', () => {
  const bytes = writer.reply(query('FoO.sVc'), emptyReply(codes.nameError), 512)
  expect(decode(bytes)).toMatchObject({ rcode: 'NXDOMAIN', questions: [{ name: 'FoO.sVc' }] })
})

test('reply() leaves out what does not fit, and says so unless it was additional', () => {
  const many = Array.from({ length: 100 }, (_, i) => address('foo.svc', i))
  const reply = { ...emptyReply(0), answers: many }
  for (const limit of [512, 1232]) {
    const bytes = writer.reply(query('foo.svc', limit), reply, limit)
    expect(bytes.length).toBeLessThanOrEqual(limit)
    const decoded = decode(bytes)
    expect(decoded.flag_tc).toBe(true)
    expect(decoded.answers.length).toBeGreaterThan(20)
    expect(decoded.additionals).toHaveLength(1)
  }
  const extra = { ...emptyReply(0), answers: many.slice(0, 5), additional: many }
  expect(decode(writer.reply(query('foo.svc'), extra, 512)).flag_tc).toBe(false)
  expect(readReply(writer.reply(query('foo.svc'), reply, 65_535))?.answers).toEqual(many)
})

test('reply() survives more records than any message holds', () => {
  const many = Array.from({ length: 6000 }, (_, i) => address(`name-${i}.example`, i & 0xff))
  const bytes = writer.reply(query('foo.svc'), { ...emptyReply(0), answers: many }, 65_535)
  expect(bytes.length).toBeLessThanOrEqual(65_535)
  expect(readReply(bytes)?.truncated).toBe(true)
})

test('what is written reads back the same, whatever names share', () => {
  const label = constantFrom('a', 'b', 'svc', 'cluster', '_tcp', 'x'.repeat(63))
  const name = array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'))
  const each = record({ name, target: name, port: integer({ min: 0, max: 65_535 }), kind: constantFrom('name', 'srv') })
  assert(
    property(array(each, { maxLength: 20 }), (list) => {
      const answers = list.map(({ name, target, port, kind }): DnsRecord =>
        kind === 'name'
          ? { name, type: types.CNAME, ttl: port, data: { kind: 'name', target } }
          : { name, type: types.SRV, ttl: 4_000_000_000, data: { kind: 'srv', priority: 1, weight: 2, port, target } },
      )
      const bytes = writer.reply(query('a.svc.cluster'), { ...emptyReply(0), answers }, 65_535)
      expect(readReply(bytes)?.answers).toEqual(answers)
      expect(decode(bytes).answers).toHaveLength(answers.length)
    }),
  )
})

test('query() asks by EDNS', () => {
  const decoded = decode(writer.query(7, 'example.org', types.AAAA, true))
  expect(decoded).toMatchObject({ id: 7, flag_rd: true, questions: [{ name: 'example.org', type: 'AAAA' }] })
  expect(decoded.additionals[0]).toMatchObject({ type: 'OPT', udpPayloadSize: 1232, flag_do: true })
})

test('nameLength() knows what can be written', () => {
  expect([
    nameLength(''),
    nameLength('a.bc'),
    nameLength('a..b'),
    nameLength('x'.repeat(64)),
    nameLength(`${'a.'.repeat(130)}a`),
  ]).toEqual([1, 6, 0, 0, 0])
})

test('isWithin() goes by labels', () => {
  expect(isWithin('a.cluster.local', 'cluster.local')).toBe(true)
  expect(isWithin('cluster.local', 'cluster.local')).toBe(true)
  expect(isWithin('acluster.local', 'cluster.local')).toBe(false)
  expect(isWithin('anything', '')).toBe(true)
})
