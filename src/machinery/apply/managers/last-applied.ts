import type { Json } from '#api'
import { encodeJson } from '../../codec/json/encode.ts'
import { parseJsonText } from '../../codec/json/parse.ts'
import { sortKeys } from '../../codec/json/sorted.ts'
import { maxAnnotationsSize } from '../../meta/labels.ts'
import { byteLength } from '../../text/length.ts'
import { difference } from '../fields/set.ts'
import type { FieldSet } from '../fields/set.ts'
import { compare } from '../typed/compare.ts'
import { toFieldSet } from '../typed/field-set.ts'
import { validate } from '../typed/validate.ts'
import { asMembers } from '../typed/value.ts'
import type { Members } from '../typed/value.ts'
import type { TypedObject } from './converter.ts'

/** Annotation in which client-side apply keeps the configuration it last applied. */
const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration'

function annotationsOf(object: Json): Members | undefined {
  const metadata = asMembers(asMembers(object)?.['metadata'])
  return metadata === undefined ? undefined : asMembers(metadata['annotations'])
}

function lastAppliedOf(object: Json): string | undefined {
  const text = annotationsOf(object)?.[lastAppliedAnnotation]
  return typeof text === 'string' && text !== '' ? text : undefined
}

/**
 * What client-side apply owns of an object: the fields of the configuration it last applied, as far as the object still
 * has them. `undefined` when the object has no such configuration, or one that can't be read.
 */
export function ownedByClientSideApply(live: TypedObject): FieldSet | undefined {
  const text = lastAppliedOf(live.value)
  if (text === undefined || validate(live.type, live.value) !== undefined) return undefined
  const configuration = parse(text)
  const members = asMembers(configuration)
  if (configuration === undefined || members?.['apiVersion'] !== live.apiVersion) return undefined
  if (members['kind'] !== asMembers(live.value)?.['kind'] || validate(live.type, configuration) !== undefined)
    return undefined
  const { changed, removed } = compare(live.type, configuration, live.value)
  return difference(difference(toFieldSet(live.type, configuration), changed), removed)
}

function parse(text: string): Json | undefined {
  try {
    return parseJsonText(text) as Json
  } catch {
    return undefined
  }
}

/** The object with the configuration in its annotation, if it has that annotation: both ways to apply stay in step. */
export function withLastApplied(object: Json, configuration: Json): Json {
  const known = lastAppliedOf(object)
  const text = known === undefined ? undefined : `${encodeJson(sortKeys(withoutLastApplied(configuration)))}\n`
  if (text === undefined || text === known) return object
  const members = asMembers(object) ?? {}
  const annotations: { [key: string]: Json } = { ...annotationsOf(object), [lastAppliedAnnotation]: text }
  if (bytesOf(annotations) > maxAnnotationsSize) delete annotations[lastAppliedAnnotation]
  return { ...members, metadata: { ...asMembers(members['metadata']), annotations } }
}

function withoutLastApplied(configuration: Json): Json {
  const members = asMembers(configuration) ?? {}
  const metadata = asMembers(members['metadata'])
  if (metadata?.['annotations'] === undefined) return configuration
  const { annotations, ...others } = metadata
  const { [lastAppliedAnnotation]: _, ...rest } = asMembers(annotations) ?? {}
  // What is no map of strings is no annotations.
  const right = asMembers(annotations) !== undefined && Object.values(rest).every((value) => typeof value === 'string')
  return { ...members, metadata: right ? { ...others, annotations: rest } : others }
}

function bytesOf(annotations: Members): number {
  let bytes = 0
  for (const [key, value] of Object.entries(annotations)) {
    bytes += byteLength(key) + (typeof value === 'string' ? byteLength(value) : 0)
  }
  return bytes
}
