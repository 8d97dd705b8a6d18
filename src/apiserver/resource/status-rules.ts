import type { Draft } from '#api'
import { excludeFields } from '#machinery'
import type { KubeObject } from '#machinery'
import type { UpdateRules } from './strategy.ts'
import { takeField } from './take-field.ts'

/**
 * The status subresource of a resource without rules of its own: whoever writes it changes the status and nothing else,
 * besides annotations and labels, and finalizers and owners of nobody.
 */
export const statusRules: UpdateRules<KubeObject> = {
  prepareForUpdate(draft, old) {
    for (const field of new Set([...Object.keys(draft), ...Object.keys(old)])) {
      if (!['kind', 'apiVersion', 'metadata', 'status'].includes(field)) takeField(draft, old, field)
    }
  },
  resetFields: excludeFields(['spec']),
}

/** A status that a writer of the object itself sends is not taken. */
export function keepStatus(draft: Draft<KubeObject>, old: KubeObject): void {
  takeField(draft, old, 'status')
}
