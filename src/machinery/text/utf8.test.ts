import { expect, test } from 'vitest'
import { encodeAround, encodeText } from './utf8.ts'

const units = ['a', 'ä', '€', '😀', '\ud800']
const lengths = [0, 1, 127, 128, 10_922, 21_845, 21_846, 40_000]

/** What the platform says; vitest takes long to compare this many bytes. */
const isUtf8Of = (text: string, bytes: Uint8Array): boolean => {
  const wanted = new TextEncoder().encode(text)
  return bytes.length === wanted.length && bytes.every((byte, index) => byte === wanted[index])
}

test.each(units)(
  'encodeText() gives the bytes of %j, however often it is repeated, in a buffer of their own',
  (unit) => {
    for (const length of lengths) {
      const text = unit.repeat(length)
      const bytes = encodeText(text)
      encodeText('z'.repeat(1000))
      expect(isUtf8Of(text, bytes)).toBe(true)
      expect(bytes.buffer.byteLength).toBe(bytes.length)
    }
  },
)

test.each(units)('encodeAround() puts bytes between texts of %j and says where', (unit) => {
  for (const length of lengths) {
    const text = unit.repeat(length)
    const { bytes, start } = encodeAround(text, new Uint8Array(length).fill(0x37), `${text}!`)
    encodeText('z'.repeat(1000))
    const ofText = new TextEncoder().encode(text)
    expect(start).toBe(ofText.length)
    const whole = text + '7'.repeat(length) + `${text}!`
    expect(isUtf8Of(whole, bytes)).toBe(true)
  }
})
