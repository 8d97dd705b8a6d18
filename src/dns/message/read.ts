import { readName } from './name.ts'
import { codes, types } from './types.ts'
import type { DnsRecord, Edns, Query, RecordData } from './types.ts'

/** A message that is no query, or none that can be understood: the code to answer with, and the id where there is one. */
export interface BadQuery {
  readonly id: number
  readonly code: number
}

/** Reads a query of one question. `undefined` when the bytes deserve no answer: too short, or an answer themselves. */
export function readQuery(bytes: Uint8Array): Query | BadQuery | undefined {
  if (bytes.length < 12) return undefined
  const id = word(bytes, 0)
  const flags = word(bytes, 2)
  if ((flags & 0x8000) !== 0) return undefined
  if ((flags & 0x7800) !== 0) return { id, code: codes.notImplemented }
  if (word(bytes, 4) !== 1) return { id, code: codes.formatError }
  const name = readName(bytes, 12)
  if (!name || name.end + 4 > bytes.length) return { id, code: codes.formatError }
  const question = { name: name.name, type: word(bytes, name.end), class: word(bytes, name.end + 2) }
  const query: Query = {
    id,
    recursionDesired: (flags & 0x0100) !== 0,
    question,
    questionBytes: bytes.subarray(12, name.end + 4),
  }
  const records = word(bytes, 6) + word(bytes, 8) + word(bytes, 10)
  if (records === 0) return query
  const edns = readEdns(bytes, name.end + 4, records)
  if (edns === 'broken') return { id, code: codes.formatError }
  return edns ? { ...query, edns } : query
}

/** An answer as read, with where its lifetimes stand. */
export interface ReadReply {
  readonly id: number
  readonly code: number
  readonly truncated: boolean
  readonly questionEnd: number
  readonly answers: readonly DnsRecord[]
  readonly authority: readonly DnsRecord[]
  readonly additional: readonly DnsRecord[]
}

/**
 * Reads an answer. Names in the data of records that may be compressed are written out; of `OPT` nothing is kept.
 * `undefined` when the bytes are no answer.
 */
export function readReply(bytes: Uint8Array): ReadReply | undefined {
  if (bytes.length < 12 || (word(bytes, 2) & 0x8000) === 0) return undefined
  let offset = 12
  for (let i = word(bytes, 4); i > 0; i--) {
    const name = readName(bytes, offset)
    if (!name || name.end + 4 > bytes.length) return undefined
    offset = name.end + 4
  }
  const questionEnd = offset
  let extended = 0
  const section = (count: number): DnsRecord[] | undefined => {
    const records: DnsRecord[] = []
    for (let i = 0; i < count; i++) {
      const read = readRecord(bytes, offset)
      if (!read) return undefined
      offset = read.end
      if (read.record.type === types.OPT) extended = read.record.ttl >>> 24
      else records.push(read.record)
    }
    return records
  }
  const answers = section(word(bytes, 6))
  const authority = answers && section(word(bytes, 8))
  const additional = authority && section(word(bytes, 10))
  if (!additional) return undefined
  return {
    id: word(bytes, 0),
    code: (extended << 4) | (word(bytes, 2) & 0xf),
    truncated: (word(bytes, 2) & 0x0200) !== 0,
    questionEnd,
    answers,
    authority,
    additional,
  }
}

function readEdns(bytes: Uint8Array, start: number, count: number): Edns | 'broken' | undefined {
  let offset = start
  let found: Edns | undefined
  for (let i = 0; i < count; i++) {
    const name = readName(bytes, offset)
    if (!name || name.end + 10 > bytes.length) return 'broken'
    const end = name.end + 10 + word(bytes, name.end + 8)
    if (end > bytes.length) return 'broken'
    if (word(bytes, name.end) === types.OPT) {
      if (found || name.name !== '') return 'broken'
      found = {
        size: Math.max(512, word(bytes, name.end + 2)),
        version: bytes[name.end + 5] ?? 0,
        dnssec: ((bytes[name.end + 6] ?? 0) & 0x80) !== 0,
      }
    }
    offset = end
  }
  return found
}

function readRecord(
  bytes: Uint8Array,
  start: number,
): { readonly record: DnsRecord; readonly end: number } | undefined {
  const owner = readName(bytes, start)
  if (!owner || owner.end + 10 > bytes.length) return undefined
  const type = word(bytes, owner.end)
  const ttl = word(bytes, owner.end + 4) * 0x10000 + word(bytes, owner.end + 6)
  const from = owner.end + 10
  const end = from + word(bytes, owner.end + 8)
  if (end > bytes.length) return undefined
  const data = readData(bytes, type, from, end)
  return data && { record: { name: owner.name, type, ttl, data }, end }
}

function readData(bytes: Uint8Array, type: number, from: number, end: number): RecordData | undefined {
  switch (type) {
    case types.CNAME:
    case types.NS:
    case types.PTR: {
      const target = readName(bytes, from)
      return target && { kind: 'name', target: target.name }
    }
    case types.SRV: {
      const target = readName(bytes, from + 6)
      const [priority, weight, port] = [word(bytes, from), word(bytes, from + 2), word(bytes, from + 4)]
      return target && { kind: 'srv', priority, weight, port, target: target.name }
    }
    case types.SOA: {
      const server = readName(bytes, from)
      const mailbox = server && readName(bytes, server.end)
      if (!server || !mailbox || mailbox.end + 20 > end) return undefined
      const number = (index: number): number =>
        word(bytes, mailbox.end + index * 4) * 0x10000 + word(bytes, mailbox.end + index * 4 + 2)
      const [serial, refresh, retry, expire, minimum] = [number(0), number(1), number(2), number(3), number(4)]
      return { kind: 'soa', server: server.name, mailbox: mailbox.name, serial, refresh, retry, expire, minimum }
    }
    case mailExchange: {
      const target = readName(bytes, from + 2)
      if (!target) return undefined
      return { kind: 'bytes', bytes: Uint8Array.from([...bytes.subarray(from, from + 2), ...plainName(target.name)]) }
    }
    default:
      return { kind: 'bytes', bytes: bytes.slice(from, end) }
  }
}

/** The one other type with a name in its data that old servers compress. */
const mailExchange = 15

function plainName(name: string): readonly number[] {
  const labels = name === '' ? [] : name.split('.')
  return [...labels.flatMap((label) => [label.length, ...Array.from(label, (char) => char.charCodeAt(0))]), 0]
}

function word(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0)
}
