import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DerError, DerReader, readText } from './reader.ts'
import { Tag } from './tags.ts'
import { derBits, derInteger, derOctets, derOid, derSequence, derSet, derText, derTime, derValue } from './writer.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('DER', () => {
  test('lengths take the fewest bytes, at every border', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const bytes = derOctets(new Uint8Array(length))
      const reader = new DerReader(bytes)
      expect(reader.expect(Tag.octetString).content.length).toBe(length)
      expect(reader.done).toBe(true)
    }
    expect(hex(derOctets(new Uint8Array(128))).slice(0, 6)).toBe('048180')
  })

  test('integers have no leading zeros, and one where the sign needs it', () => {
    expect(hex(derInteger(Uint8Array.of(0)))).toBe('020100')
    expect(hex(derInteger(Uint8Array.of(0, 0, 0x7f)))).toBe('02017f')
    expect(hex(derInteger(Uint8Array.of(0x80)))).toBe('02020080')
    expect(hex(derInteger(new Uint8Array(0)))).toBe('020100')
  })

  test('object identifiers come back as they went in', () => {
    const arc = fc.nat({ max: 2 ** 31 - 1 })
    const oid = fc
      .tuple(fc.constantFrom('0.9', '1.2', '2.5', '2.999'), fc.array(arc, { maxLength: 8 }))
      .map(([start, rest]) => [start, ...rest].join('.'))
    fc.assert(
      fc.property(oid, (dotted) => {
        expect(new DerReader(derOid(dotted)).oid()).toBe(dotted)
      }),
    )
    expect(hex(derOid('1.2.840.113549.1.1.11'))).toBe('06092a864886f70d01010b')
  })

  test('times have two digits for the year until 2049, four after it', () => {
    const [near, far] = [Date.UTC(2049, 11, 31, 23, 59, 59), Date.UTC(2050, 0, 1)]
    expect(Buffer.from(derTime(near)).toString('latin1', 2)).toBe('491231235959Z')
    expect(Buffer.from(derTime(far)).toString('latin1', 2)).toBe('20500101000000Z')
    for (const time of [near, far, Date.UTC(1950, 0, 1), Date.UTC(1999, 5, 7, 8, 9, 10)]) {
      expect(new DerReader(derTime(time)).time()).toBe(time)
    }
  })

  test('text is printable where its characters allow', () => {
    expect(derText('system:node:a-1.b')[0]).toBe(Tag.printableString)
    expect(derText('grüße_*')[0]).toBe(Tag.utf8String)
    expect(readText(new DerReader(derText('grüße_*')).next())).toBe('grüße_*')
    expect(readText(new DerReader(derValue(Tag.bmpString, Uint8Array.of(0, 0x41, 0x20, 0xac))).next())).toBe('A€')
    expect(readText(new DerReader(derOctets(Uint8Array.of(1))).next())).toBeUndefined()
  })

  test('members of a set are sorted by their encoding', () => {
    const [a, b] = [derText('b'), derText('aa')]
    expect(hex(derSet(a, b))).toBe(hex(derSet(b, a)))
  })

  test('broken bytes are refused, never read past their end', () => {
    for (const broken of ['', '30', '3003', '308000', '30810100', '3084ffffffff', '1f8101', '30820001ff']) {
      expect(() => new DerReader(Buffer.from(broken, 'hex')).next(), broken).toThrow(DerError)
    }
    expect(() => new DerReader(derBits(Uint8Array.of(0xe0), 5)).bits()).toThrow('does not end at a byte')
    expect(() => new DerReader(derSequence()).expect(Tag.set)).toThrow('tag is 0x30, want 0x31')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const reader = new DerReader(bytes)
        try {
          while (!reader.done) expect(reader.next().bytes.length).toBeGreaterThan(1)
        } catch (error) {
          expect(error).toBeInstanceOf(DerError)
        }
      }),
    )
  })
})
