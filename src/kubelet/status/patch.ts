import { deepEqual } from '#base'
import type { Json } from '#api'
import type { PodStatus } from '#api/core/v1'

interface JsonObject {
  [key: string]: Json
}

/** Lists that a strategic merge patch merges by a key of their elements; they are replaced instead. */
const replacedLists: ReadonlySet<string> = new Set(['podIPs', 'hostIPs', 'addresses'])

interface Status {
  readonly conditions?: readonly { readonly type: string }[]
}

/**
 * The strategic merge patch from one status to another, bound to the pod's uid. `undefined` when there is nothing to
 * say. Conditions are merged by type, so that those of other writers stay as they are.
 */
export function statusPatch(uid: string, before: PodStatus, after: PodStatus): Json | undefined {
  const status = statusDiff(before, after)
  return status && { metadata: { uid }, status }
}

/** What a strategic merge patch has to say about a status that has conditions; `undefined` when nothing. */
export function statusDiff(before: Status, after: Status): Json | undefined {
  const { conditions: oldConditions = [], ...oldRest } = before
  const { conditions = [], ...rest } = after
  const status = objectDiff(oldRest, rest) ?? {}
  const changed = conditionsDiff(oldConditions, conditions)
  if (changed.length > 0) {
    status['conditions'] = changed
    status['$setElementOrder/conditions'] = conditions.map(({ type }) => ({ type }))
  }
  return Object.keys(status).length === 0 ? undefined : status
}

function objectDiff(before: object, after: object): JsonObject | undefined {
  const old = before as { readonly [key: string]: Json | undefined }
  const now = after as { readonly [key: string]: Json | undefined }
  const diff: JsonObject = {}
  for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const from = old[key]
    const to = now[key]
    if (to === undefined) {
      if (from !== undefined) diff[key] = null
    } else if (!deepEqual(from, to)) {
      diff[key] = valueDiff(key, from, to)
    }
  }
  return Object.keys(diff).length === 0 ? undefined : diff
}

function valueDiff(key: string, from: Json | undefined, to: Json): Json {
  if (isObject(from) && isObject(to)) return objectDiff(from, to) ?? {}
  if (replacedLists.has(key) && Array.isArray(from) && Array.isArray(to)) return [...to, { $patch: 'replace' }]
  return to
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function conditionsDiff(before: NonNullable<Status['conditions']>, after: NonNullable<Status['conditions']>): Json[] {
  const diff: Json[] = []
  for (const condition of after) {
    const old = before.find(({ type }) => type === condition.type)
    const fields = objectDiff(old ?? {}, condition)
    if (fields) diff.push({ ...fields, type: condition.type })
  }
  for (const { type } of before) {
    if (!after.some((condition) => condition.type === type)) diff.push({ $patch: 'delete', type })
  }
  return diff
}
