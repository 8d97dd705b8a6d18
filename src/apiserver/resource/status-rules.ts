import type { Draft } from '#api'
import { excludeFields } from '#machinery'
import type { KubeObject } from '#machinery'
import type { UpdateRules } from './strategy.ts'

type Loose = { [field: string]: unknown }

/**
 * The status subresource of a resource without rules of its own: whoever writes it changes the status and nothing else,
 * besides annotations and labels, and finalizers and owners of nobody.
 */
export const statusRules: UpdateRules<KubeObject> = {
  prepareForUpdate(draft, old) {
    const target = draft as unknown as Loose
    const source = old as unknown as Loose
    for (const field of new Set([...Object.keys(target), ...Object.keys(source)])) {
      if (['kind', 'apiVersion', 'metadata', 'status'].includes(field)) continue
      if (source[field] === undefined) delete target[field]
      else target[field] = source[field]
    }
  },
  resetFields: excludeFields(['spec']),
}

/** A status that a writer of the object itself sends is not taken. */
export function keepStatus(draft: Draft<KubeObject>, old: KubeObject): void {
  const { status } = old as unknown as Loose
  if (status === undefined) delete (draft as unknown as Loose)['status']
  else (draft as unknown as Loose)['status'] = status
}
