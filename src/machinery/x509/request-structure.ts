/** What the API says of bytes that are no request: texts of the ASN.1 reader that upstream reads requests with. */

interface Header {
  readonly class: number
  readonly tag: number
  readonly length: number
  readonly isCompound: boolean
  /** Where the content begins. */
  readonly at: number
}

class Unfit extends Error {}

const syntax = (why: string): Unfit => new Unfit(`asn1: syntax error: ${why}`)
const structure = (why: string): Unfit => new Unfit(`asn1: structure error: ${why}`)

const asDeclared =
  '{optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false}'

const tags = { integer: 2, bitString: 3, objectIdentifier: 6, sequence: 16 } as const

/** What keeps bytes from being read as a request for a certificate; `undefined` when nothing does. */
export function requestStructureProblem(bytes: Uint8Array): string | undefined {
  try {
    const end = checkRequest(bytes)
    return end < bytes.length ? syntax('trailing data').message : undefined
  } catch (error) {
    if (error instanceof Unfit) return error.message
    throw error
  }
}

function checkRequest(bytes: Uint8Array): number {
  const request = inside(bytes, 0, tags.sequence, 'certificateRequest')
  const content = inside(request.bytes, 0, tags.sequence, 'tbsCertificateRequest')
  let at = skip(content.bytes, 0, tags.integer, 'int')
  at = skip(content.bytes, at)
  const key = inside(content.bytes, at, tags.sequence, 'publicKeyInfo')
  const algorithm = inside(key.bytes, 0, tags.sequence, 'AlgorithmIdentifier')
  skip(algorithm.bytes, 0, tags.objectIdentifier, 'ObjectIdentifier')
  skip(key.bytes, algorithm.end, tags.bitString, 'BitString')
  const signer = inside(request.bytes, content.end, tags.sequence, 'AlgorithmIdentifier')
  skip(signer.bytes, 0, tags.objectIdentifier, 'ObjectIdentifier')
  skip(request.bytes, signer.end, tags.bitString, 'BitString')
  return request.end
}

/** The content of a value, and where the next one begins. */
function inside(
  bytes: Uint8Array,
  at: number,
  tag: number,
  name: string,
): { readonly bytes: Uint8Array; readonly end: number } {
  const header = expect(bytes, at, tag, name)
  const end = header.at + header.length
  return { bytes: bytes.subarray(header.at, end), end }
}

/** Where the next value begins. */
function skip(bytes: Uint8Array, at: number, tag?: number, name = ''): number {
  const header = expect(bytes, at, tag, name)
  return header.at + header.length
}

function expect(bytes: Uint8Array, at: number, tag: number | undefined, name: string): Header {
  if (at >= bytes.length) throw syntax('sequence truncated')
  const header = readHeader(bytes, at)
  const isWanted = header.class === 0 && header.tag === tag && header.isCompound === (tag === tags.sequence)
  if (tag !== undefined && !isWanted) {
    const { class: of, tag: found, length, isCompound } = header
    const shown = `{class:${of} tag:${found} length:${length} isCompound:${isCompound}}`
    throw structure(`tags don't match (${tag} vs ${shown}) ${asDeclared} ${name} @${header.at}`)
  }
  if (header.at + header.length > bytes.length) throw syntax('data truncated')
  return header
}

function readHeader(bytes: Uint8Array, from: number): Header {
  const first = bytes[from] ?? 0
  let at = from + 1
  let tag = first & 0x1f
  if (tag === 0x1f) {
    tag = 0
    for (let count = 0; ; count++) {
      const byte = bytes[at++]
      if (byte === undefined) throw syntax('truncated base 128 integer')
      if (count === 5) throw structure('base 128 integer too large')
      if (count === 0 && byte === 0x80) throw syntax('integer is not minimally encoded')
      tag = tag * 128 + (byte & 0x7f)
      if ((byte & 0x80) === 0) break
    }
    if (tag > 2 ** 31 - 1) throw structure('base 128 integer too large')
    if (tag < 0x1f) throw syntax('non-minimal tag')
  }
  const size = bytes[at++]
  if (size === undefined) throw syntax('truncated tag or length')
  const header = { class: first >> 6, tag, isCompound: (first & 0x20) !== 0 }
  if ((size & 0x80) === 0) return { ...header, length: size, at }
  const count = size & 0x7f
  if (count === 0) throw syntax('indefinite length found (not DER)')
  let length = 0
  for (let i = 0; i < count; i++) {
    const byte = bytes[at++]
    if (byte === undefined) throw syntax('truncated tag or length')
    if (length >= 2 ** 23) throw structure('length too large')
    length = length * 256 + byte
    if (length === 0) throw structure('superfluous leading zeros in length')
  }
  if (length < 0x80) throw structure('non-minimal length')
  return { ...header, length, at }
}
