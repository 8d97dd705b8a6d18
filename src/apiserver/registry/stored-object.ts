import type { Draft } from '#api'
import { deepFreeze } from '#base'
import { decodeText, encodeJson, encodeText } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Entry } from '#store'

/**
 * An object as the store keeps it. The stored bytes are canonical JSON that begins `{"kind":..,"apiVersion":..,"metadata":{`
 * and lacks `metadata.resourceVersion`, because that is the revision of the entry itself. Serving puts it in: the object
 * gets it when it is first asked for, the bytes when they go out. Both are made once per revision.
 */
export class StoredObject {
  readonly #object: Draft<KubeObject>
  /** Plain JSON, where the stored value is encrypted. */
  readonly plain: Uint8Array | undefined
  #bound = false

  constructor(object: Draft<KubeObject>, plain?: Uint8Array) {
    this.#object = object
    this.plain = plain
  }

  /** The object at the entry's revision; from the first call on it is frozen. */
  at(revision: number, freeze: boolean): KubeObject {
    if (!this.#bound) {
      this.#bound = true
      this.#object.metadata = inOrder(this.#object.metadata, String(revision))
      if (freeze) deepFreeze(this.#object)
    }
    return this.#object
  }
}

const fieldOrder = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
] as const

type Metadata = Draft<KubeObject>['metadata']

/** Metadata with its fields in the order of their type, however it came about. */
function inOrder(metadata: Metadata, resourceVersion: string | undefined): Metadata {
  const ordered: { [field: string]: unknown } = {}
  for (const field of fieldOrder) {
    const value = field === 'resourceVersion' ? resourceVersion : metadata[field]
    if (value !== undefined) ordered[field] = value
  }
  return ordered
}

/** Bytes to store an object as. */
export function encodeStored(object: KubeObject): Uint8Array {
  const { kind, apiVersion, metadata, ...rest } = object
  return encodeText(encodeJson({ kind, apiVersion, metadata: inOrder(metadata as Metadata, undefined), ...rest }))
}

/** Bytes that every stored object of a kind begins with. */
export function storedHead(apiVersion: string, kind: string): Uint8Array {
  return encodeText(`{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(apiVersion)},"metadata":{`)
}

export function parseStored(bytes: Uint8Array): Draft<KubeObject> {
  return JSON.parse(decodeText(bytes)) as Draft<KubeObject>
}

/** How the bytes of stored objects become the bytes of answers. */
export interface ServingForm {
  /** Length of {@link storedHead}. */
  readonly headLength: number
  /** What answers begin with instead, up to and with the opening of `resourceVersion`'s value. */
  readonly head: Uint8Array
}

/** Objects on their own carry kind and apiVersion. */
export function singleForm(apiVersion: string, kind: string): ServingForm {
  const head = `{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(apiVersion)},"metadata":{"resourceVersion":"`
  return { headLength: storedHead(apiVersion, kind).length, head: encodeText(head) }
}

/** Items of a list of a built-in kind do not. */
export function itemForm(apiVersion: string, kind: string): ServingForm {
  return {
    headLength: storedHead(apiVersion, kind).length,
    head: encodeText('{"metadata":{"resourceVersion":"'),
  }
}

/** Bytes that {@link writeServed} will take. */
export function servedLength(form: ServingForm, bytes: Uint8Array, revision: number): number {
  return form.head.length + digits(revision) + 2 + bytes.length - form.headLength
}

/** Writes the served form of stored bytes at `offset`; returns the offset behind it. */
export function writeServed(
  into: Uint8Array,
  offset: number,
  form: ServingForm,
  bytes: Uint8Array,
  revision: number,
): number {
  into.set(form.head, offset)
  let at = offset + form.head.length
  const end = at + digits(revision)
  for (let rest = revision, place = end - 1; place >= at; place--) {
    into[place] = 0x30 + (rest % 10)
    rest = Math.floor(rest / 10)
  }
  at = end
  into[at++] = 0x22 // "
  into[at++] = 0x2c // ,
  into.set(form.headLength === 0 ? bytes : bytes.subarray(form.headLength), at)
  return at + bytes.length - form.headLength
}

function digits(revision: number): number {
  let count = 1
  for (let rest = revision; rest >= 10; rest = Math.floor(rest / 10)) count++
  return count
}

/** The JSON of the entry's object, plain where the stored value is not. */
export function plainBytes(entry: Entry): Uint8Array {
  return (entry.memo instanceof StoredObject ? entry.memo.plain : undefined) ?? entry.value
}
