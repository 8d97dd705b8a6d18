/** A message of D-Bus, as far as callers of methods and followers of signals need it (D-Bus specification, "Message Format"). */
export interface DBusMessage {
  readonly type: 'call' | 'answer' | 'error' | 'signal'
  readonly serial: number
  /** Serial number of the call that is answered. */
  readonly answerTo?: number
  readonly path?: string
  readonly interface?: string
  readonly member?: string
  readonly destination?: string
  readonly errorName?: string
  /** Types of the values: `ssi`. Those of {@link DBusValue} are known, and a variant of one of them. */
  readonly signature?: string
  readonly values: readonly DBusValue[]
}

/** `s`, `o` and `g` are strings, `b` is a boolean, `i`, `u` and `h` are numbers, `t` a bigint. */
export type DBusValue = string | boolean | number | bigint

const types = ['call', 'answer', 'error', 'signal'] as const
const protocolVersion = 1
const fixedBytes = 16
/** Code, name and type of the fields of a header. */
const fields = [
  [1, 'path', 'o'],
  [2, 'interface', 's'],
  [3, 'member', 's'],
  [4, 'errorName', 's'],
  [5, 'answerTo', 'u'],
  [6, 'destination', 's'],
  [8, 'signature', 'g'],
] as const

const aligned = (at: number, to: number): number => Math.ceil(at / to) * to
const alignments: { readonly [type: string]: number } = { g: 1, v: 1, t: 8 }

class Writer {
  #bytes: Buffer = Buffer.alloc(256)
  length = 0

  pad(to: number): void {
    this.#grow(aligned(this.length, to))
  }

  byte(value: number): void {
    this.#grow(this.length + 1)
    this.#bytes[this.length - 1] = value
  }

  value(type: string, value: DBusValue): void {
    if (type === 'v') {
      const inner = typeof value === 'bigint' ? 't' : typeof value === 'string' ? 's' : 'u'
      this.value('g', inner)
      return this.value(inner, value)
    }
    this.pad(alignments[type] ?? 4)
    if (type === 'g' || type === 's' || type === 'o') this.#text(type, String(value))
    else if (type === 't') this.#bytes.writeBigUInt64LE(BigInt(value), this.#grow(this.length + 8))
    else if (type === 'i') this.#bytes.writeInt32LE(Number(value), this.#grow(this.length + 4))
    else this.#bytes.writeUInt32LE(Number(value), this.#grow(this.length + 4))
  }

  /** Writes over what stands there. */
  patch(at: number, value: number): void {
    this.#bytes.writeUInt32LE(value, at)
  }

  end(): Buffer {
    return this.#bytes.subarray(0, this.length)
  }

  #text(type: string, text: string): void {
    const bytes = Buffer.from(text)
    if (type === 'g') this.byte(bytes.length)
    else this.#bytes.writeUInt32LE(bytes.length, this.#grow(this.length + 4))
    bytes.copy(this.#bytes, this.#grow(this.length + bytes.length))
    this.byte(0)
  }

  /** Returns where what is added begins. */
  #grow(length: number): number {
    const from = this.length
    if (length > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], Math.max(length, from * 2))
    this.length = length
    return from
  }
}

/** The bytes of a message. A variant holds a text, a `t` for a bigint, or a `u`. */
export function encodeMessage(message: DBusMessage): Buffer {
  const body = new Writer()
  const { signature = '', values } = message
  for (const [index, value] of values.entries()) body.value(signature.charAt(index), value)
  const head = new Writer()
  for (const byte of [0x6c, types.indexOf(message.type) + 1, 0, protocolVersion]) head.byte(byte)
  for (const value of [body.length, message.serial, 0]) head.value('u', value)
  for (const [code, name, type] of fields) {
    const value = message[name]
    if (value === undefined) continue
    head.pad(8)
    head.byte(code)
    head.value('g', type)
    head.value(type, value)
  }
  head.patch(fixedBytes - 4, head.length - fixedBytes)
  head.pad(8)
  return Buffer.concat([head.end(), body.end()])
}

class Reader {
  readonly #bytes: Buffer
  readonly #isLittle: boolean
  at: number

  constructor(bytes: Buffer, isLittle: boolean, at: number) {
    this.#bytes = bytes
    this.#isLittle = isLittle
    this.at = at
  }

  pad(to: number): void {
    this.at = aligned(this.at, to)
  }

  byte(): number {
    return this.#bytes.readUInt8(this.at++)
  }

  value(type: string): DBusValue {
    if (type === 'v') return this.value(String(this.value('g')))
    this.pad(alignments[type] ?? 4)
    if (type === 'g') return this.#text(this.byte())
    if (type === 't') return this.#bigint()
    const number = this.#number(type === 'i')
    if (type === 's' || type === 'o') return this.#text(number)
    if (type === 'b') return number !== 0
    if (type === 'u' || type === 'i' || type === 'h') return number
    throw new Error(`read a message of D-Bus: the type ${type} is not known`)
  }

  #number(isSigned: boolean): number {
    const at = this.at
    this.at += 4
    if (isSigned) return this.#isLittle ? this.#bytes.readInt32LE(at) : this.#bytes.readInt32BE(at)
    return this.#isLittle ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at)
  }

  #bigint(): bigint {
    const at = this.at
    this.at += 8
    return this.#isLittle ? this.#bytes.readBigUInt64LE(at) : this.#bytes.readBigUInt64BE(at)
  }

  #text(length: number): string {
    const from = this.at
    this.at += length + 1
    return this.#bytes.toString('utf8', from, from + length)
  }
}

/**
 * Reads the first message of what has come, and says how many bytes it takes; `undefined` while it is not all there. Values
 * of types that we do not know are left out.
 */
export function decodeMessage(bytes: Buffer): { readonly message: DBusMessage; readonly length: number } | undefined {
  if (bytes.length < fixedBytes) return undefined
  const isLittle = bytes[0] === 0x6c
  const read = new Reader(bytes, isLittle, 4)
  const [bodyLength, serial, headLength] = [read.value('u'), read.value('u'), read.value('u')].map(Number)
  const bodyAt = aligned(fixedBytes + (headLength ?? 0), 8)
  const length = bodyAt + (bodyLength ?? 0)
  if (bytes.length < length) return undefined
  const head: { [name: string]: DBusValue } = {}
  while (read.at < fixedBytes + (headLength ?? 0)) {
    read.pad(8)
    const code = read.byte()
    const value = read.value('v')
    const [, name] = fields.find(([known]) => known === code) ?? []
    if (name !== undefined) head[name] = value
  }
  const type = types[(bytes[1] ?? 0) - 1] ?? 'error'
  const values = valuesOf(new Reader(bytes.subarray(0, length), isLittle, bodyAt), String(head['signature'] ?? ''))
  return { message: { ...head, type, serial: serial ?? 0, values }, length }
}

/** Alignment counts from the body's beginning, which is that of eight bytes. */
function valuesOf(read: Reader, signature: string): DBusValue[] {
  const values: DBusValue[] = []
  for (const type of signature) {
    if (!'sogbiuhtv'.includes(type)) break
    values.push(read.value(type))
  }
  return values
}
