import type { Container } from '#api/core/v1'

const encoder = new TextEncoder()

/**
 * Hash of what a container can't change while it runs: name and image. Upstream's kubelet computes the same, so that
 * one finds the other's containers unchanged: FNV-1a over the bytes' listing of their JSON.
 */
export function containerHash(container: Container): string {
  const json = JSON.stringify({ image: container.image ?? '', name: container.name })
  const escaped = json.replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  const listing = `([]uint8)[${encoder.encode(escaped).join(' ')}]`
  let hash = 0x811c9dc5
  for (let index = 0; index < listing.length; index++) {
    hash = Math.imul(hash ^ listing.charCodeAt(index), 0x01000193) >>> 0
  }
  return hash.toString(16)
}
