import { andThen, Slice } from '#base'
import type { Clock, Steps } from '#base'
import type { ApiResponse, Chunks, Encoded, ObjectResponse } from '#client'
import { badRequest, notFound, yamlInSteps } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Entry } from '#store'
import type { ObjectStore } from '../registry/object-store.ts'
import { requireNameParameter } from '../registry/name-parameter.ts'
import type { Registry } from '../registry/registry.ts'
import { servedLength, singleForm, writeServed } from '../registry/stored-object.ts'
import type { ServingForm } from '../registry/stored-object.ts'
import type { OutputFormat } from '../negotiation/accept.ts'
import type { RequestContext } from '../request/context.ts'
import type { RequestInfo } from '../request/request-info.ts'
import { decodeQuery } from '../request/query-options.ts'
import { builtinStruct } from '../resource/builtin-types.ts'
import { groupVersionOf } from '../resource/object-type.ts'
import type { Backing, Endpoint } from '../resource/resource.ts'
import { convertedResponse } from '../table/convert.ts'
import { encode, objectResponse, outputFormat } from './respond.ts'
import { parsePlainVersion, parseResourceVersion, tooLargeResourceVersion } from './resource-version.ts'

/** GET of one object. */
export function getObject(endpoint: Endpoint, context: RequestContext): ApiResponse | Promise<ApiResponse> {
  const { backing } = endpoint
  const { info, query, services } = context
  const format = outputFormat(context)
  if (query.has('export')) throw badRequest('the export parameter, deprecated since v1.14, is no longer supported')
  if (backing.kind === 'read') {
    return andThen(backing.get(info.name, context), (object) => {
      if (!object) throw notFound({ group: endpoint.group, resource: endpoint.plural }, info.name)
      return respondWithObject(200, endpoint, object, context)
    })
  }
  if (backing.kind !== 'stored') throw notFound({ group: endpoint.group, resource: endpoint.plural }, info.name)

  const registry = services.registryOf(backing.resource)
  requireNameParameter(info.name)
  const { resourceVersion } = decodeQuery<{ readonly resourceVersion?: string }>(
    builtinStruct('meta/v1', 'GetOptions'),
    query,
  )
  if (resourceVersion !== undefined && isKept(registry)) parsePlainVersion(resourceVersion)
  const wait = waitForRevision(registry, resourceVersion)
  if (!wait && !registry.objects.isSealed) return readObject(endpoint, backing, registry, format, context)
  return unlocked(registry, wait, info).then(() => readObject(endpoint, backing, registry, format, context))
}

async function unlocked({ objects }: Registry, wait: Promise<void> | undefined, info: RequestInfo): Promise<void> {
  await wait
  await objects.unlockKey(objects.key(info.namespace, info.name))
}

/** The object as it is now. */
function readObject(
  endpoint: Endpoint,
  backing: Extract<Backing, { kind: 'stored' }>,
  { objects }: Registry,
  format: OutputFormat,
  context: RequestContext,
): ApiResponse | Promise<ApiResponse> {
  const { info } = context
  const entry = objects.store.snapshot().get(objects.key(info.namespace, info.name))
  if (!entry) throw notFound({ group: endpoint.group, resource: endpoint.plural }, info.name)
  if (format.convert || !backing.sameVersion) return respondWithObject(200, endpoint, objects.object(entry), context)
  // What can't be opened has to be told before the answer begins.
  objects.plain(entry)
  return new EntryResponse(200, endpoint, objects, entry, format, context.clock)
}

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
class EntryResponse implements ObjectResponse {
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

/** Of every resource but events, clients are answered from what is kept of it; reads of events are less friendly. */
export function isKept({ groupResource: { group, resource } }: Registry): boolean {
  return resource !== 'events' || !['', 'events.k8s.io'].includes(group)
}

/** When clients may try again to read what is not there yet, in seconds. */
export function retryAfter(registry: Registry): number | undefined {
  return isKept(registry) ? 1 : undefined
}

/**
 * Reads are never older than the revision that was asked for; "0" takes what there is, none takes the newest.
 * `undefined`: there is nothing to wait for.
 */
export function waitForRevision(
  registry: Registry,
  resourceVersion: string | undefined,
  retryAfterSeconds: number | undefined = retryAfter(registry),
): Promise<void> | undefined {
  const { store, record } = registry.objects
  if (resourceVersion === undefined) return store.alwaysFresh ? undefined : store.fresh()
  const wanted = parseResourceVersion(resourceVersion)
  if (store.snapshot().revision < wanted) return reachRevision(registry, resourceVersion, retryAfterSeconds)
  if (wanted > 0) record?.waited(0)
  return undefined
}

async function reachRevision(
  { objects: { store, record } }: Registry,
  wanted: string,
  retryAfterSeconds: number | undefined,
): Promise<void> {
  await (record ? record.waiting(() => store.fresh()) : store.fresh())
  const { revision } = store.snapshot()
  if (revision < Number(wanted)) throw tooLargeResourceVersion(BigInt(wanted), revision, retryAfterSeconds)
}

/** An object of the stored version, as the endpoint's version and the request's format have it. */
export function respondWithObject(
  code: number,
  endpoint: Endpoint,
  stored: KubeObject,
  context: RequestContext,
): ApiResponse | Promise<ApiResponse> {
  const { backing } = endpoint
  if (backing.kind !== 'stored' || !backing.prepare) return convertedObject(code, endpoint, stored, context)
  return backing.prepare([stored], 'request').then(() => convertedObject(code, endpoint, stored, context))
}

function convertedObject(code: number, endpoint: Endpoint, stored: KubeObject, context: RequestContext): ApiResponse {
  const format = outputFormat(context)
  const object = endpoint.backing.kind === 'stored' ? endpoint.backing.fromStorage(stored) : stored
  if (!format.convert && endpoint.backing.kind === 'stored' && object === stored) {
    const { objects } = context.services.registryOf(endpoint.backing.resource)
    const entry = entryOf(objects, stored)
    if (entry) return new EntryResponse(code, endpoint, objects, entry, format, context.clock)
  }
  const { convert } = format
  if (convert) return convertedResponse(code, endpoint, object, { ...format, convert }, context)
  return objectResponse(code, { object, ...(endpoint.type.struct ? { struct: endpoint.type.struct } : {}) }, format)
}

/** What was just written is the newest of its name, most of the time, and its bytes are there already. */
function entryOf(objects: ObjectStore, stored: KubeObject): Entry | undefined {
  const { namespace = '', name = '' } = stored.metadata
  const entry = objects.store.snapshot().get(objects.key(namespace, name))
  return entry && objects.object(entry) === stored ? entry : undefined
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
