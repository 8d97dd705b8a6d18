import { crc32 } from 'node:zlib'
import { keyOf } from '#store'
import type { Change, LogHeader, LogRecord } from '#store'

/*
 * A record of the log, little-endian:
 *
 *   0  u32  CRC-32 of all that follows
 *   4  u8   1: put, 2: deletion
 *   5  u8   0
 *   6  u16  length of the key in bytes
 *   8  f64  revision at which the key came to be
 *  16  f64  revision of the record that this one replaced, 0 for none
 *  24  f64  wall time in milliseconds at which the key expires, 0 for never
 *  32       key in UTF-8, then the value
 *
 * Revisions are whole numbers below 2^53, which a double holds exactly.
 */
const headerBytes = 32
const put = 1
const deletion = 2

/** Longest key in bytes. */
const maxKeyBytes = 65_535

const encoder = new TextEncoder()
const nothing = new Uint8Array(0)

/** Most bytes that the record of a change can take. */
export function sizeBound({ event }: Change): number {
  return headerBytes + keyOf(event).length * 3 + (event.type === 'put' ? event.entry.value.length : 0)
}

/** Writes the record of a change at `offset`; returns the offset of its end. */
export function encodeRecord(change: Change, into: Uint8Array, view: DataView, offset: number): number {
  const { event, expires } = change
  const keyOffset = offset + headerBytes
  const key = keyOf(event)
  const keyBytes = encoder.encodeInto(key, into.subarray(keyOffset)).written
  if (keyBytes > maxKeyBytes) throw new RangeError(`key "${key.slice(0, 40)}..." is longer than ${maxKeyBytes} bytes`)
  view.setUint8(offset + 4, event.type === 'put' ? put : deletion)
  view.setUint8(offset + 5, 0)
  view.setUint16(offset + 6, keyBytes, true)
  view.setFloat64(offset + 8, event.type === 'put' ? event.entry.createRevision : event.previous.createRevision, true)
  view.setFloat64(offset + 16, event.previous?.modRevision ?? 0, true)
  view.setFloat64(offset + 24, expires, true)
  let end = keyOffset + keyBytes
  if (event.type === 'put') {
    into.set(event.entry.value, end)
    end += event.entry.value.length
  }
  view.setUint32(offset, crc32(into.subarray(offset + 4, end)), true)
  return end
}

/** Reads a record's header, which takes no look at its value. @throws when it makes no sense */
export function decodeHeader(revision: number, record: Buffer): LogHeader {
  const kind = record.length < headerBytes ? 0 : record.readUInt8(4)
  const valueOffset = kind === 0 ? 0 : headerBytes + record.readUInt16LE(6)
  if ((kind !== put && kind !== deletion) || valueOffset > record.length) {
    throw new Error(`the record of revision ${revision} makes no sense`)
  }
  return {
    revision,
    key: record.toString('utf8', headerBytes, valueOffset),
    previous: record.readDoubleLE(16),
    createRevision: record.readDoubleLE(8),
    expires: record.readDoubleLE(24),
    deleted: kind === deletion,
  }
}

/** Reads a record with a copy of its value. @throws when it is damaged */
export function decodeRecord(revision: number, record: Buffer): LogRecord {
  const header = decodeHeader(revision, record)
  if (record.readUInt32LE(0) !== crc32(record.subarray(4, record.length))) {
    throw new Error(`the record of revision ${revision} does not match its checksum`)
  }
  const valueOffset = headerBytes + record.readUInt16LE(6)
  const length = record.length - valueOffset
  if (header.deleted || length === 0) return { ...header, value: nothing }
  const value = new Uint8Array(length)
  record.copy(value, 0, valueOffset, record.length)
  return { ...header, value }
}
