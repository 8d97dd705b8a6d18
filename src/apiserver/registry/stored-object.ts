import type { Draft, Json } from '#api'
import { deepFreeze } from '#base'
import type { Steps } from '#base'
import type { ManagedFieldsEntry } from '#api/meta/v1'
import { decodeText, encodeAround, encodeJson, encodeText, escapeSpecial, keptJson, plainJson } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Entry } from '#store'

/**
 * An object as the store keeps it. The stored bytes are canonical JSON that begins `{"kind":..,"apiVersion":..,"metadata":{`
 * and lacks `metadata.resourceVersion`, because that is the revision of the entry itself. Serving puts it in: the object
 * gets it when it is first asked for, the bytes, in its place among the fields, when they go out. Both are made once per
 * revision.
 */
export class StoredObject {
  #parsed: Draft<KubeObject> | undefined
  /** Plain JSON, where the stored value is encrypted. */
  readonly plain: Uint8Array | undefined
  /** Where the value of `spec` begins and ends in the plain JSON; both 0 where nobody knows. */
  readonly specStart: number
  readonly specEnd: number
  /** Bytes of its protobuf message among those of a list, once they were counted. */
  messageSize = 0
  #bound = false

  /** @param object read from `plain` when it is first asked for, where that is given and this is not. */
  constructor(object: Draft<KubeObject> | undefined, plain?: Uint8Array, { specStart, specEnd }: SpecPlace = nowhere) {
    this.#parsed = object
    this.plain = plain
    this.specStart = specStart
    this.specEnd = specEnd
  }

  get #object(): Draft<KubeObject> {
    return (this.#parsed ??= parseStored(this.plain ?? new Uint8Array()))
  }

  /** Whether an object has the very `spec` of this one, whose bytes are then the same. */
  sharesSpec(object: KubeObject): boolean {
    const { spec } = this.#object as { readonly spec?: unknown }
    return this.specEnd > 0 && spec === (object as { readonly spec?: unknown }).spec
  }

  /** The object at the entry's revision; from the first call on it is frozen. */
  at(revision: number, freeze: boolean): KubeObject {
    if (!this.#bound) {
      this.#bound = true
      const { managedFields } = this.#object.metadata
      this.#object.metadata = inOrder(this.#object.metadata, String(revision))
      if (managedFields !== undefined) this.#object.metadata.managedFields = managedFields
      if (freeze) deepFreeze(this.#object)
    }
    return this.#object
  }
}

type Metadata = Draft<KubeObject>['metadata']

/**
 * Metadata with its fields in the order of their type, however it came about; without managed fields. Field by field,
 * because that costs a fraction of a loop over names.
 */
function inOrder(metadata: KubeObject['metadata'], resourceVersion: string | undefined): Metadata {
  const from = metadata as Metadata
  const ordered: Metadata = {}
  if (from.name !== undefined) ordered.name = from.name
  if (from.generateName !== undefined) ordered.generateName = from.generateName
  if (from.namespace !== undefined) ordered.namespace = from.namespace
  if (from.selfLink !== undefined) ordered.selfLink = from.selfLink
  if (from.uid !== undefined) ordered.uid = from.uid
  if (resourceVersion !== undefined) ordered.resourceVersion = resourceVersion
  if (from.generation !== undefined) ordered.generation = from.generation
  if (from.creationTimestamp !== undefined) ordered.creationTimestamp = from.creationTimestamp
  if (from.deletionTimestamp !== undefined) ordered.deletionTimestamp = from.deletionTimestamp
  if (from.deletionGracePeriodSeconds !== undefined)
    ordered.deletionGracePeriodSeconds = from.deletionGracePeriodSeconds
  if (from.labels !== undefined) ordered.labels = from.labels
  if (from.annotations !== undefined) ordered.annotations = from.annotations
  if (from.ownerReferences !== undefined) ordered.ownerReferences = from.ownerReferences
  if (from.finalizers !== undefined) ordered.finalizers = from.finalizers
  return ordered
}

interface SpecPlace {
  readonly specStart: number
  readonly specEnd: number
}

const nowhere: SpecPlace = { specStart: 0, specEnd: 0 }

export interface EncodedObject extends SpecPlace {
  readonly bytes: Uint8Array
}

/**
 * Bytes to store an object as.
 *
 * @param replaced what it takes the place of: writes of a status leave the rest as it was, and most of the bytes with it.
 */
export function* encodeStored(object: KubeObject, replaced?: Entry): Steps<EncodedObject> {
  const fields: { readonly [field: string]: Json } = object
  let text = headJson(object)
  yield
  let before = ''
  let spec: string | Uint8Array = ''
  for (const field in fields) {
    const value = fields[field]
    if (field === 'kind' || field === 'apiVersion' || field === 'metadata' || value === undefined) continue
    // Where there is no status, there is nothing that is written without the rest.
    if (field === 'spec' && fields['status'] !== undefined) {
      before = escapeSpecial(`${text},"spec":`)
      spec = specBytes(object, replaced) ?? encodeJson(value)
      text = ''
    } else {
      text += `,${plainJson(field)}:${plainJson(value)}`
      yield
    }
  }
  const after = escapeSpecial(`${text}}`)
  if (typeof spec !== 'string') {
    const { bytes, start } = encodeAround(before, spec, after)
    return { bytes, specStart: start, specEnd: start + spec.length }
  }
  yield
  const bytes = encodeText(before + spec + after)
  // Characters are bytes where all of them are ASCII.
  const isAscii = spec !== '' && bytes.length === before.length + spec.length + after.length
  return { bytes, ...(isAscii ? { specStart: before.length, specEnd: before.length + spec.length } : nowhere) }
}

/** The JSON up to and with `metadata`. Who owns what is mostly the same for many objects, so that its text is kept. */
function headJson({ kind, apiVersion, metadata }: KubeObject): string {
  const { managedFields } = metadata
  const start = plainJson({ kind, apiVersion, metadata: inOrder(metadata, undefined) })
  if (managedFields === undefined) return start.slice(0, -1)
  const comma = start.endsWith('{}}') ? '' : ','
  return `${start.slice(0, -2)}${comma}"managedFields":[${managedFields.map(entryJson).join(',')}]}`
}

function entryJson(entry: ManagedFieldsEntry): string {
  const { manager, operation, apiVersion, time, fieldsType, fieldsV1, subresource } = entry
  if (typeof fieldsV1 !== 'object' || fieldsV1 === null) return plainJson(entry)
  const start = plainJson({ manager, operation, apiVersion, time, fieldsType }).slice(0, -1)
  const end = subresource === undefined ? '}' : `,"subresource":${plainJson(subresource)}}`
  return `${start},"fieldsV1":${keptJson(fieldsV1)}${end}`
}

/** The bytes of the spec of what is replaced, if the object has the very same. */
function specBytes(object: KubeObject, replaced: Entry | undefined): Uint8Array | undefined {
  const memo = replaced?.memo
  if (!(memo instanceof StoredObject) || !memo.sharesSpec(object)) return undefined
  return (memo.plain ?? replaced?.value)?.subarray(memo.specStart, memo.specEnd)
}

/** Bytes that every stored object of a kind begins with. */
function storedHead(apiVersion: string, kind: string): Uint8Array {
  return encodeText(`{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(apiVersion)},"metadata":{`)
}

export function parseStored(bytes: Uint8Array): Draft<KubeObject> {
  return JSON.parse(decodeText(bytes)) as Draft<KubeObject>
}

/** How the bytes of stored objects become the bytes of answers. */
export interface ServingForm {
  /** Length of {@link storedHead}. */
  readonly headLength: number
  /** What answers begin with instead, up to and with the opening of `metadata`. */
  readonly head: Uint8Array
  /** The form of objects that were stored as another kind. */
  readonly ofKind?: (kind: string) => ServingForm
}

/**
 * Objects on their own carry kind and apiVersion. The kind is the one they were written as: definitions of custom
 * resources may come to have another.
 */
export function singleForm(apiVersion: string, kind: string): ServingForm {
  const head = storedHead(apiVersion, kind)
  return { headLength: head.length, head, ofKind: (other) => singleForm(apiVersion, other) }
}

/** Items of a list of a built-in kind do not. */
export function itemForm(apiVersion: string, kind: string): ServingForm {
  return { headLength: storedHead(apiVersion, kind).length, head: encodeText('{"metadata":{') }
}

const versionKey = encodeText('"resourceVersion":"')

const kindStart = '{"kind":"'.length

/** The form for stored bytes, whose kind may be another than that of the form. */
function formFor(form: ServingForm, bytes: Uint8Array): ServingForm {
  const { head, ofKind } = form
  if (!ofKind) return form
  let at = kindStart
  while (bytes[at] === head[at] && bytes[at] !== quote) at++
  if (bytes[at] === head[at]) return form
  return ofKind(decodeText(bytes.subarray(kindStart, bytes.indexOf(quote, kindStart))))
}

/** Bytes that {@link writeServed} will take. */
export function servedLength(served: ServingForm, bytes: Uint8Array, revision: number): number {
  const form = formFor(served, bytes)
  return form.head.length + versionKey.length + digits(revision) + 2 + bytes.length - form.headLength
}

/** Writes the served form of stored bytes at `offset`; returns the offset behind it. */
export function writeServed(
  into: Uint8Array,
  offset: number,
  form: ServingForm,
  bytes: Uint8Array,
  revision: number,
): number {
  const { head, headLength } = formFor(form, bytes)
  into.set(head, offset)
  let at = offset + head.length
  const place = placeOfVersion(bytes, headLength)
  // What precedes is short: a loop costs less than a view of it.
  for (let from = headLength; from < place; from++) into[at++] = bytes[from] as number
  into.set(versionKey, at)
  at += versionKey.length
  const end = at + digits(revision)
  for (let rest = revision, digit = end - 1; digit >= at; digit--) {
    into[digit] = 0x30 + (rest % 10)
    rest = Math.floor(rest / 10)
  }
  at = end
  into[at++] = quote
  into[at++] = comma
  into.set(place === 0 ? bytes : bytes.subarray(place), at)
  return at + bytes.length - place
}

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c

/**
 * Where `resourceVersion` belongs in the metadata that begins at `start`: behind `name`, `generateName`, `namespace`,
 * `selfLink` and `uid`, as far as they are there, and before anything else.
 */
function placeOfVersion(bytes: Uint8Array, start: number): number {
  let at = start
  while (precedesVersion(bytes, at)) {
    // The key's end, the colon and the opening of the value; texts of keys hold no quotes.
    let end = bytes.indexOf(quote, at + 1) + 3
    while (bytes[end] !== quote) end += bytes[end] === backslash ? 2 : 1
    // Metadata that has nothing else takes it at the beginning.
    if (bytes[end + 1] !== comma) return start
    at = end + 2
  }
  return at
}

/** Whether the key at a quote is one of those that precede `resourceVersion`; their values are texts. */
function precedesVersion(bytes: Uint8Array, at: number): boolean {
  switch (bytes[at + 1]) {
    case 0x6e: // name, namespace
    case 0x73: // selfLink
    case 0x75: // uid
      return true
    case 0x67: // generateName, not generation
      return bytes[at + 8] === 0x65
    default:
      return false
  }
}

function digits(revision: number): number {
  let count = 1
  for (let rest = revision; rest >= 10; rest = Math.floor(rest / 10)) count++
  return count
}
