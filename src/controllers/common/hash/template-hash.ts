import type { PodTemplateSpec } from '#api/core/v1'
import { encodeText, fnv32a, safeEncode } from '#machinery'
import { dumpApiValue } from './dump.ts'

/**
 * The `pod-template-hash` of a template.
 *
 * @param collisionCount how often a hash of this owner named something else already; hashes differ with it.
 */
export function podTemplateHash(template: PodTemplateSpec, collisionCount?: number): string {
  const dump = encodeText(dumpApiValue('core/v1.PodTemplateSpec', template))
  return safeEncode(String(fnv32a(collisionCount === undefined ? dump : withCount(dump, collisionCount))))
}

/** The count follows as eight bytes, of which the lower four carry it, least significant first. */
function withCount(bytes: Uint8Array, count: number): Uint8Array {
  const longer = new Uint8Array(bytes.length + 8)
  longer.set(bytes)
  new DataView(longer.buffer).setUint32(bytes.length, count, true)
  return longer
}
