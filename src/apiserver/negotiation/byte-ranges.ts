/** A part of a document. */
export interface ByteRange {
  readonly start: number
  readonly length: number
}

/** Why no part can be given; `noOverlap` where all that are asked for lie behind the document's end. */
export interface RangeFault {
  readonly fault: string
  readonly noOverlap: boolean
}

const invalid: RangeFault = { fault: 'invalid range', noOverlap: false }

/**
 * The parts of `size` bytes that a header `Range` asks for; none where it asks for the whole, be it that the parts come to
 * more than that.
 */
export function byteRanges(header: string, size: number): readonly ByteRange[] | RangeFault {
  if (header === '') return []
  if (!header.startsWith('bytes=')) return invalid
  const ranges: ByteRange[] = []
  let missed = false
  for (const text of header.slice('bytes='.length).split(',')) {
    const range = text.trim()
    if (range === '') continue
    const [, first = '', last = ''] = /^(\d*)\s*-\s*(\d*)$/.exec(range) ?? []
    if (first === '' && last === '') return invalid
    if (first === '') {
      const length = Math.min(Number(last), size)
      ranges.push({ start: size - length, length })
      continue
    }
    const start = Number(first)
    if (start >= size) {
      missed = true
      continue
    }
    if (last !== '' && Number(last) < start) return invalid
    const end = last === '' ? size : Math.min(Number(last) + 1, size)
    ranges.push({ start, length: end - start })
  }
  if (missed && ranges.length === 0)
    return size === 0 ? [] : { fault: 'invalid range: failed to overlap', noOverlap: true }
  const total = ranges.reduce((sum, { length }) => sum + length, 0)
  return total > size ? [] : ranges
}
