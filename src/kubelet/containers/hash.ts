import type { Container } from '#api/core/v1'
import { dumpHash } from '../resources/dump-hash.ts'

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
  return dumpHash(`([]uint8)[${encoder.encode(escaped).join(' ')}]`).toString(16)
}
