import type { PodTemplateSpec } from '#api/core/v1'
import { encodeText } from '#machinery'
import { dumpApiValue } from './dump.ts'
import { fnv1a, safeHash } from './fnv.ts'

/**
 * The `pod-template-hash` of a template.
 *
 * @param collisionCount how often a hash of this owner named something else already; hashes differ with it.
 */
export function podTemplateHash(template: PodTemplateSpec, collisionCount?: number): string {
  let hash = fnv1a(encodeText(dumpApiValue('core/v1.PodTemplateSpec', template)))
  if (collisionCount !== undefined) {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setUint32(0, collisionCount, true)
    hash = fnv1a(bytes, hash)
  }
  return safeHash(hash)
}
