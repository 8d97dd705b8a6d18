import type { StructType } from '#api'
import { setOwn } from '../../codec/json/normalize/reader.ts'
import { goKindOfValue, goString, goTypeOfValue } from '../go-value.ts'
import {
  badDirective,
  badElementOrder,
  badPrimitiveList,
  badRetainKeys,
  badType,
  noMergeKey,
  StrategicPatchError,
} from './error.ts'
import { asMap, elementType, ordered, partition, withoutRepeated } from './order.ts'
import type { Item, Map } from './order.ts'
import { Schema } from './schema.ts'

const marker = '$patch'
const retainKeys = '$retainKeys'
const deletePrefix = '$deleteFromPrimitiveList'
const orderPrefix = '$setElementOrder'

/**
 * Merges a strategic merge patch into an object. The object is not changed; what the patch does not touch is shared with
 * the result. The patch is used up: directives are taken out of it as they are followed.
 *
 * @throws StrategicPatchError with the API's message.
 */
export function mergeStrategically(type: StructType, object: unknown, patch: unknown): Map {
  const map = asMap(patch)
  if (map === undefined) throw badType('map[string]interface {}', patch)
  return mergeMap(asMap(object) ?? {}, map, new Schema(type))
}

function mergeMap(original: Map, patch: Map, schema: Schema): Map {
  if (Object.hasOwn(patch, marker)) return followDirective(patch)
  const out: Map = { ...original }
  applyRetainKeys(out, patch)
  for (const key of Object.keys(patch)) if (key.startsWith(orderPrefix)) mergeOrdered(out, patch, key, schema)
  for (const key of Object.keys(patch)) mergeField(out, key, patch[key], schema)
  return out
}

function followDirective(patch: Map): Map {
  const directive = patch[marker]
  if (directive === 'delete') return {}
  if (directive !== 'replace') throw badDirective(directive, patch)
  delete patch[marker]
  return patch
}

/** Drops fields that the patch does not want retained. */
function applyRetainKeys(out: Map, patch: Map): void {
  if (!Object.hasOwn(patch, retainKeys)) return
  const list = patch[retainKeys]
  delete patch[retainKeys]
  if (!Array.isArray(list)) throw badRetainKeys()
  const retained = new Set<unknown>(list)
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || key.startsWith(deletePrefix) || key.startsWith(orderPrefix)) continue
    if (!retained.has(key)) throw badRetainKeys()
  }
  for (const key of Object.keys(out)) if (!retained.has(key)) delete out[key]
}

/** The field that a directive such as `$setElementOrder/containers` is about. */
function fieldOf(key: string, prefix: string, trouble: () => StrategicPatchError): string {
  if (!key.startsWith(`${prefix}/`)) throw trouble()
  return key.slice(prefix.length + 1)
}

function listAt(map: Map, key: string): Item[] | undefined {
  if (!Object.hasOwn(map, key)) return undefined
  const value = map[key]
  if (!Array.isArray(value)) throw badType('[]interface {}', value)
  return value
}

/** Merges the list that a `$setElementOrder` directive is about, and puts it in that order. */
function mergeOrdered(out: Map, patch: Map, key: string, schema: Schema): void {
  const order = patch[key]
  delete patch[key]
  if (!Array.isArray(order)) throw badType('[]interface {}', order)
  const name = fieldOf(key, orderPrefix, badElementOrder)
  // A copy, as merging moves its items about.
  const original = listAt(out, name)?.slice()
  const list = listAt(patch, name)
  const { schema: element, strategy, mergeKey } = schema.list(name)
  requireOrder(list ?? [], order, mergeKey)
  if (original === undefined && list === undefined) return
  const merged =
    list === undefined
      ? (original ?? [])
      : original === undefined
        ? (removeDirectives(list).value as Item[])
        : strategy === 'merge'
          ? mergeList(original, list, element, mergeKey)
          : list
  const [patchItems, serverItems] = partition(merged, order, mergeKey)
  const type = elementType(original ?? [], list ?? [])
  setOwn(out, name, ordered(patchItems, serverItems, order, original ?? [], orderKey(type, mergeKey)))
  delete patch[name]
}

/** Only objects are told apart by their merge key, which those of an atomic list have none of. */
const orderKey = (type: string, mergeKey: string): string | undefined => (type.startsWith('map') ? mergeKey : undefined)

/** The items of the patch must be in the order that it asks for. */
function requireOrder(list: readonly Item[], order: readonly Item[], mergeKey: string): void {
  if (list.length === 0 || order.length === 0) return
  const kept = mergeKey === '' ? list : list.filter((item) => mapOf(item)[marker] !== 'delete')
  let at = 0
  for (let next = 0; at < kept.length && next < order.length;) {
    const item = kept[at]
    if (asMap(item) !== undefined && Object.hasOwn(mapOf(item), marker)) at++
    else if (sameKey(item, order[next++], mergeKey)) at++
  }
  if (at < kept.length) {
    const [patched, wanted] = [goString(list), goString(order)]
    throw new StrategicPatchError(
      `The order in patch list:\n${patched}\n doesn't match ${orderPrefix} list:\n${wanted}\n`,
    )
  }
}

function mapOf(item: Item): Map {
  const map = asMap(item)
  if (map === undefined) throw badType('map[string]interface {}', item)
  return map
}

function keyOf(map: Map, mergeKey: string): unknown {
  if (!Object.hasOwn(map, mergeKey)) throw noMergeKey(map, mergeKey)
  return map[mergeKey]
}

function sameKey(left: Item, right: Item, mergeKey: string): boolean {
  if (mergeKey === '') return left === right
  const [a, b] = [mapOf(left), mapOf(right)]
  return keyOf(a, mergeKey) === keyOf(b, mergeKey)
}

function mergeField(out: Map, key: string, value: unknown, schema: Schema): void {
  const deletes = key.startsWith(deletePrefix)
  const name = (deletes ? fieldOf(key, deletePrefix, badPrimitiveList) : key) || key
  if (value === null) {
    delete out[name]
    return
  }
  const current = Object.hasOwn(out, name) ? out[name] : undefined
  if (current === undefined || goTypeOfValue(current) !== goTypeOfValue(value)) {
    if (deletes) return
    discardNulls(value)
    setUnlessDirective(out, name, value)
    return
  }
  switch (goKindOfValue(value)) {
    case 'map': {
      const merging = schema.field(name)
      const patch = value as Map
      setOwn(out, name, merging.strategy === 'replace' ? patch : mergeMap(current as Map, patch, merging.schema))
      break
    }
    case 'slice': {
      const { schema: element, strategy, mergeKey } = schema.list(name)
      const list = value as Item[]
      const merges = strategy === 'merge' || deletes
      setOwn(out, name, merges ? mergeList((current as Item[]).slice(), list, element, mergeKey, deletes) : list)
      break
    }
    default:
      setUnlessDirective(out, name, value)
  }
}

function setUnlessDirective(out: Map, name: string, value: unknown): void {
  const { value: clean, keep } = removeDirectives(value)
  if (keep) setOwn(out, name, clean)
  else delete out[name]
}

/** A value without the directives in it; an object that is one itself is not kept. */
function removeDirectives(value: unknown): { readonly value: unknown; readonly keep: boolean } {
  if (Array.isArray(value)) {
    const kept = value.map(removeDirectives).filter((item) => item.keep)
    return { value: kept.map((item) => item.value), keep: true }
  }
  const map = asMap(value)
  if (map === undefined) return { value, keep: true }
  if (Object.hasOwn(map, marker)) return { value: null, keep: false }
  for (const [key, field] of Object.entries(map)) {
    const { value: clean, keep } = removeDirectives(field)
    if (keep) setOwn(map, key, clean)
    else delete map[key]
  }
  return { value: map, keep: true }
}

function discardNulls(value: unknown): void {
  if (Array.isArray(value)) for (const item of value) discardNulls(item)
  const map = asMap(value)
  if (map === undefined) return
  for (const [key, field] of Object.entries(map)) {
    if (field === null) delete map[key]
    else discardNulls(field)
  }
}

/**
 * Merges lists: scalars as sets, objects by their merge key. Items of `original`, which is the caller's own copy, move
 * as entries are deleted and added, as far as it has room.
 */
function mergeList(original: Item[], patch: Item[], schema: Schema, mergeKey: string, deletes = false): Item[] {
  if (original.length === 0 && patch.length === 0) return original
  const type = elementType(original, patch)
  if (!type.startsWith('map')) {
    if (deletes) {
      const gone = new Set(patch)
      return original.filter((item) => !gone.has(item))
    }
    return arranged(withoutRepeated([...original, ...patch]), patch, original, mergeKey, type)
  }
  if (mergeKey === '') throw new StrategicPatchError(`cannot merge lists without merge key for ${schema.kind}`)
  const { list, changes } = followListDirectives(original, patch as Map[], mergeKey)
  const merged = mergeItems(list, changes, mergeKey, schema)
  for (let i = 0; i < original.length && i < merged.length; i++) original[i] = merged[i]
  return arranged(merged, changes, list, mergeKey, type)
}

function arranged(
  merged: readonly Item[],
  patch: readonly Item[],
  serverOrder: readonly Item[],
  mergeKey: string,
  type: string,
): Item[] {
  const [patchItems, serverItems] = partition(merged, patch, mergeKey)
  return ordered(patchItems, serverItems, patch, serverOrder, orderKey(type, mergeKey))
}

/** Follows the directives among the items: what is left of the original, and the items that are none. */
function followListDirectives(
  original: readonly Item[],
  patch: readonly Map[],
  mergeKey: string,
): { readonly list: Item[]; readonly changes: Map[] } {
  const changes: Map[] = []
  let list = original.slice()
  let replaces = false
  for (const item of patch) {
    if (!Object.hasOwn(item, marker)) {
      changes.push(item)
      continue
    }
    switch (item[marker]) {
      case 'delete': {
        const gone = keyOf(item, mergeKey)
        list = list.filter((entry) => !hasKey(mapOf(entry), mergeKey, gone))
        break
      }
      case 'replace':
        replaces = true
        break
      case 'merge':
        throw new StrategicPatchError('merging lists cannot yet be specified in the patch')
      default:
        throw badDirective(item[marker], item)
    }
  }
  return replaces ? { list: changes, changes: [] } : { list, changes }
}

const hasKey = (map: Map, mergeKey: string, value: unknown): boolean =>
  Object.hasOwn(map, mergeKey) && map[mergeKey] === value

function mergeItems(list: readonly Item[], changes: readonly Map[], mergeKey: string, schema: Schema): Item[] {
  const merged = list.slice()
  const positions = new globalThis.Map<unknown, number>()
  const remember = (item: Item, i: number): void => {
    const map = mapOf(item)
    const key = map[mergeKey]
    if (Object.hasOwn(map, mergeKey) && !positions.has(key)) positions.set(key, i)
  }
  merged.forEach(remember)
  for (const change of changes) {
    const at = positions.get(keyOf(change, mergeKey))
    if (at === undefined) {
      remember(change, merged.length)
      merged.push(change)
    } else merged[at] = mergeMap(mapOf(merged[at]), change, schema)
  }
  return merged
}
