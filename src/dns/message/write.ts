import { internetClass, types } from './types.ts'
import type { DnsRecord, Query, Reply } from './types.ts'

/** Largest message there is. */
const maximum = 65_535

/** What we take, and what we say so by EDNS: it passes every network without being cut into fragments (RFC 9715). */
export const ednsSize = 1232

/** Bytes of an OPT record without options. */
const optLength = 11

/** Writes messages, one after the other, into one buffer. */
export class MessageWriter {
  readonly #buffer = new Uint8Array(maximum)
  #length = 0
  /** Where names stand that later ones can point to. */
  readonly #names = new Map<string, number>()

  /**
   * An answer to a query. Records that don't fit are left out: additional ones silently, others with a mark that says so,
   * upon which the client asks again by TCP.
   *
   * @param limit largest size the client takes.
   */
  reply(query: Query, reply: Reply, limit: number): Uint8Array {
    const { questionBytes, question, edns } = query
    const room = Math.min(limit, maximum) - (edns ? optLength : 0)
    this.#names.clear()
    this.#length = 12
    this.#bytes(questionBytes)
    // The question stands at 12; answers mostly are about it.
    if (question.name !== '') this.#names.set(question.name, 12)
    const answers = this.#section(reply.answers, room)
    const authority = answers === reply.answers.length ? this.#section(reply.authority, room) : 0
    const complete = answers === reply.answers.length && authority === reply.authority.length
    const additional = complete ? this.#section(reply.additional, room) : 0
    if (edns) this.#opt(reply.code, edns.dnssec)
    const flags =
      0x8080 |
      (reply.authoritative ? 0x0400 : 0) |
      (complete ? 0 : 0x0200) |
      (query.recursionDesired ? 0x0100 : 0) |
      (reply.code & 0xf)
    this.#header(query.id, flags, 1, answers, authority, additional + (edns ? 1 : 0))
    return this.#buffer.slice(0, this.#length)
  }

  /** An answer to what could not be read. */
  failure(id: number, code: number): Uint8Array {
    this.#length = 12
    this.#header(id, 0x8000 | (code & 0xf), 0, 0, 0, 0)
    return this.#buffer.slice(0, 12)
  }

  /** A question to another server, with EDNS. */
  query(id: number, name: string, type: number, dnssec: boolean): Uint8Array {
    this.#names.clear()
    this.#length = 12
    this.#name(name)
    this.#word(type)
    this.#word(internetClass)
    this.#opt(0, dnssec)
    this.#header(id, 0x0100, 1, 0, 0, 1)
    return this.#buffer.slice(0, this.#length)
  }

  /** @returns how many records went in. */
  #section(records: readonly DnsRecord[], room: number): number {
    for (let i = 0; i < records.length; i++) {
      const before = this.#length
      const record = records[i] as DnsRecord
      this.#record(record)
      if (this.#length <= room) continue
      this.#length = before
      for (const [name, offset] of this.#names) if (offset >= before) this.#names.delete(name)
      return i
    }
    return records.length
  }

  #record({ name, type, ttl, data }: DnsRecord): void {
    this.#name(name)
    this.#word(type)
    this.#word(internetClass)
    this.#long(ttl)
    const start = this.#length
    this.#length += 2
    switch (data.kind) {
      case 'bytes':
        this.#bytes(data.bytes)
        break
      case 'name':
        this.#name(data.target)
        break
      case 'srv':
        this.#word(data.priority)
        this.#word(data.weight)
        this.#word(data.port)
        // RFC 2782 forbids compression here.
        this.#name(data.target, false)
        break
      case 'soa':
        this.#name(data.server)
        this.#name(data.mailbox)
        for (const number of [data.serial, data.refresh, data.retry, data.expire, data.minimum]) this.#long(number)
        break
    }
    const length = this.#length - start - 2
    this.#buffer[start] = length >> 8
    this.#buffer[start + 1] = length & 0xff
  }

  #name(name: string, compress: boolean = true): void {
    let rest = name
    while (rest !== '') {
      const known = compress ? this.#names.get(rest) : undefined
      if (known !== undefined) return this.#word(0xc000 | known)
      if (this.#length < 0x4000) this.#names.set(rest, this.#length)
      const dot = rest.indexOf('.')
      const length = dot < 0 ? rest.length : dot
      this.#byte(length)
      for (let i = 0; i < length; i++) this.#byte(rest.charCodeAt(i))
      rest = dot < 0 ? '' : rest.slice(dot + 1)
    }
    this.#byte(0)
  }

  #opt(code: number, dnssec: boolean): void {
    this.#byte(0)
    this.#word(types.OPT)
    this.#word(ednsSize)
    this.#byte(code >> 4)
    this.#byte(0)
    this.#word(dnssec ? 0x8000 : 0)
    this.#word(0)
  }

  #header(id: number, flags: number, questions: number, answers: number, authority: number, additional: number): void {
    const end = this.#length
    this.#length = 0
    for (const word of [id, flags, questions, answers, authority, additional]) this.#word(word)
    this.#length = end
  }

  /** Bytes beyond the buffer are lost; whoever writes more than fits finds the length beyond it. */
  #byte(value: number): void {
    this.#buffer[this.#length++] = value
  }

  #word(value: number): void {
    this.#buffer[this.#length++] = value >> 8
    this.#buffer[this.#length++] = value & 0xff
  }

  #long(value: number): void {
    this.#word(Math.floor(value / 0x10000) & 0xffff)
    this.#word(value & 0xffff)
  }

  #bytes(bytes: Uint8Array): void {
    if (this.#length + bytes.length <= maximum) this.#buffer.set(bytes, this.#length)
    this.#length += bytes.length
  }
}
