import type { KubeObject } from '#machinery'

interface Fields {
  readonly [key: string]: unknown
}

/**
 * Applies a patch as far as the tests of the client need: JSON merge patch, and of strategic merge patch the lists that
 * controllers touch (owner references by uid, finalizers as a set).
 */
export function applyPatch(contentType: string, object: KubeObject, patch: unknown): KubeObject {
  const strategic = contentType === 'application/strategic-merge-patch+json'
  return merge(object, patch, strategic) as KubeObject
}

function merge(target: unknown, patch: unknown, strategic: boolean): unknown {
  if (!isFields(patch)) return patch
  const result: { [key: string]: unknown } = isFields(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (strategic && key === 'ownerReferences') result[key] = mergeByUid(result[key], value)
    else if (strategic && key === 'finalizers') result[key] = union(result[key], value)
    else if (strategic && key.startsWith('$deleteFromPrimitiveList/')) {
      const list = key.slice(key.indexOf('/') + 1)
      result[list] = asList(result[list]).filter((item) => !asList(value).includes(item))
    } else if (value === null) delete result[key]
    else result[key] = merge(result[key], value, strategic)
  }
  return result
}

function mergeByUid(current: unknown, patch: unknown): unknown[] {
  let list = asList(current)
  for (const item of asList(patch)) {
    if (!isFields(item)) continue
    list = list.filter((other) => !isFields(other) || other['uid'] !== item['uid'])
    if (item['$patch'] !== 'delete') list = [...list, item]
  }
  return list
}

const union = (a: unknown, b: unknown): unknown[] => [...new Set([...asList(a), ...asList(b)])]
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
