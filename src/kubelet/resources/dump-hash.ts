/** FNV-1a of a listing, 32 bits: the checksum of upstream's checkpoint files. */
export function dumpHash(listing: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(listing)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}
