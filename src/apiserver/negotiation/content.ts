import type { ApiRequest, BytesResponse } from '#client'
import { concatBytes, encodeText } from '#machinery'
import { byteRanges } from './byte-ranges.ts'
import type { ByteRange } from './byte-ranges.ts'
import { isMet, mayServeRange } from './conditions.ts'

/** A document as it is now. */
export interface Content {
  readonly contentType: string
  readonly headers: { readonly [name: string]: string }
  /** In quotes; of a document without one, times alone tell. */
  readonly etag?: string
  /** When it became what it is, in milliseconds since 1970. */
  readonly since: number
  bytes(): Promise<Uint8Array>
}

/**
 * Answers a request for a document by its conditions and ranges (RFC 9110): nothing when the client has it, no answer when
 * the client's condition does not hold, the parts that are asked for, or the whole.
 *
 * @param boundary of the parts, where there are several
 */
export async function contentResponse(
  content: Content,
  request: ApiRequest,
  boundary: () => string,
): Promise<BytesResponse> {
  const { contentType, etag, since } = content
  const tagged = etag === undefined ? content.headers : { ...content.headers, etag }
  const dated = { ...tagged, 'last-modified': new Date(since).toUTCString() }
  const verdict = isMet(content, request)
  if (verdict === 'known') {
    // Who knows the tag needs no time.
    const headers = etag === undefined ? dated : tagged
    return { kind: 'bytes', code: 304, headers, contentType: '', bytes: new Uint8Array() }
  }
  if (verdict === 'failed') return { kind: 'bytes', code: 412, headers: dated, contentType, bytes: new Uint8Array() }
  const bytes = await content.bytes()
  const headers = { ...dated, 'accept-ranges': 'bytes' }
  const wanted = mayServeRange(content, request) ? byteRanges(request.headers['range'] ?? '', bytes.length) : []
  if ('fault' in wanted) {
    const size = wanted.noOverlap ? { 'content-range': `bytes */${bytes.length}` } : {}
    return {
      kind: 'bytes',
      code: 416,
      headers: { ...content.headers, ...size, 'x-content-type-options': 'nosniff' },
      contentType: 'text/plain; charset=utf-8',
      bytes: encodeText(`${wanted.fault}\n`),
    }
  }
  const [first, second] = wanted
  if (!first) return { kind: 'bytes', code: 200, headers, contentType, bytes }
  if (!second) {
    const range = { 'content-range': rangeText(first, bytes.length) }
    return { kind: 'bytes', code: 206, headers: { ...headers, ...range }, contentType, bytes: part(bytes, first) }
  }
  const name = boundary()
  return {
    kind: 'bytes',
    code: 206,
    headers,
    contentType: `multipart/byteranges; boundary=${name}`,
    bytes: multipart(bytes, wanted, contentType, name),
  }
}

const part = (bytes: Uint8Array, { start, length }: ByteRange): Uint8Array => bytes.subarray(start, start + length)

const rangeText = ({ start, length }: ByteRange, size: number): string => `bytes ${start}-${start + length - 1}/${size}`

function multipart(bytes: Uint8Array, ranges: readonly ByteRange[], contentType: string, boundary: string): Uint8Array {
  const parts = ranges.flatMap((range, index) => [
    encodeText(
      `${index === 0 ? '' : '\r\n'}--${boundary}\r\nContent-Range: ${rangeText(range, bytes.length)}\r\n` +
        `Content-Type: ${contentType}\r\n\r\n`,
    ),
    part(bytes, range),
  ])
  return concatBytes([...parts, encodeText(`\r\n--${boundary}--\r\n`)])
}
