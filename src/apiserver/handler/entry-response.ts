import { Slice } from '#base'
import type { Clock, Steps } from '#base'
import type { Chunks, Encoded, ObjectResponse } from '#client'
import { yamlInSteps } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Entry } from '#store'
import type { OutputFormat } from '../negotiation/accept.ts'
import type { ObjectStore } from '../registry/object-store.ts'
import { servedLength, singleForm, writeServed } from '../registry/stored-object.ts'
import type { ServingForm } from '../registry/stored-object.ts'
import { groupVersionOf } from '../resource/object-type.ts'
import type { Endpoint } from '../resource/resource.ts'
import { encode } from './respond.ts'

/** Bytes of a stored object from which on its YAML, the slowest form, takes long to write. */
const longObject = 64 * 1024

const nothing = new Uint8Array(0)

/** What steps come to as one piece, and an empty one before it whenever it is time for others. */
function* inPieces(steps: Steps<Uint8Array>, clock: Clock): Generator<Uint8Array, void> {
  const slice = new Slice(clock)
  let step = steps.next()
  for (; !step.done; step = steps.next()) {
    if (!slice.isOver()) continue
    yield nothing
    slice.begin()
  }
  yield step.value
}

/** A stored object as answer: JSON is made of its stored bytes, other forms of the object. */
export class EntryResponse implements ObjectResponse {
  readonly kind = 'object'
  readonly code: number
  readonly #endpoint: Endpoint
  readonly #objects: ObjectStore
  readonly #entry: Entry
  readonly #format: OutputFormat
  /** There where it takes long to write the object. */
  readonly chunks?: Chunks

  constructor(
    code: number,
    endpoint: Endpoint,
    objects: ObjectStore,
    entry: Entry,
    format: OutputFormat,
    clock: Clock,
  ) {
    this.code = code
    this.#endpoint = endpoint
    this.#objects = objects
    this.#entry = entry
    this.#format = format
    if (format.mediaType === 'application/yaml' && entry.value.length > longObject)
      this.chunks = { contentType: format.mediaType, pieces: () => inPieces(yamlInSteps(this.object), clock) }
  }

  get object(): KubeObject {
    return this.#objects.object(this.#entry)
  }

  encode(): Encoded {
    const format = this.#format
    if (format.mediaType === 'application/json' && !format.pretty)
      return { contentType: format.mediaType, bytes: this.#servedBytes() }
    const { struct } = this.#endpoint.type
    return encode({ object: this.object, ...(struct ? { struct } : {}) }, format)
  }

  /** JSON of the entry with its resourceVersion, and the line break that ends JSON answers. */
  #servedBytes(): Uint8Array {
    const form = formOf(this.#endpoint)
    const { modRevision } = this.#entry
    const plain = this.#objects.plain(this.#entry)
    const bytes = new Uint8Array(servedLength(form, plain, modRevision) + 1)
    const end = writeServed(bytes, 0, form, plain, modRevision)
    bytes[end] = 0x0a
    return bytes
  }
}

const forms = new WeakMap<Endpoint, ServingForm>()

function formOf(endpoint: Endpoint): ServingForm {
  let form = forms.get(endpoint)
  if (!form) {
    form = singleForm(groupVersionOf(endpoint.type), endpoint.kind)
    forms.set(endpoint, form)
  }
  return form
}
