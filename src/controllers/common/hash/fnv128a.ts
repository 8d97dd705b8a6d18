/** The prime of 128 bits is 2^88 + 315. */
const low = 315
const offset = [0x6c62272e, 0x07bb0142, 0x62b82175, 0x6295c58d] as const

/** FNV-1a of 128 bits over bytes, in hex. */
export function fnv128a(bytes: Uint8Array): string {
  let [a, b, c, d]: readonly [number, number, number, number] = offset
  for (const byte of bytes) {
    d = (d ^ byte) >>> 0
    // Words from the lowest (d) to the highest (a): times 315, plus the value shifted by two words and 24 bits.
    const product0: number = d * low
    const product1: number = c * low + Math.floor(product0 / 0x1_0000_0000)
    const product2: number = b * low + Math.floor(product1 / 0x1_0000_0000)
    const product3: number = a * low + Math.floor(product2 / 0x1_0000_0000)
    const sum2: number = (product2 >>> 0) + ((d << 24) >>> 0)
    const shifted3: number = ((c << 24) | (d >>> 8)) >>> 0
    a = (product3 + shifted3 + (sum2 > 0xffff_ffff ? 1 : 0)) % 0x1_0000_0000
    b = sum2 >>> 0
    c = product1 >>> 0
    d = product0 >>> 0
  }
  return [a, b, c, d].map((word) => word.toString(16).padStart(8, '0')).join('')
}
