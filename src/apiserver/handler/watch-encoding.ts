import type { Status } from '#api/meta/v1'
import type { OutgoingEvent, WatchEventType } from '#client'
import { encodeProtobuf, encodeWatchFrame, internalError, plainJson } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Entry } from '#store'
import type { Change, ChangeType } from '../registry/change.ts'
import { servedLength, singleForm, writeServed } from '../registry/stored-object.ts'
import type { ServingForm } from '../registry/stored-object.ts'
import type { OutputFormat } from '../negotiation/accept.ts'
import type { RequestContext } from '../request/context.ts'
import { builtinStruct } from '../resource/builtin-types.ts'
import { groupVersionOf } from '../resource/object-type.ts'
import type { Endpoint } from '../resource/resource.ts'
import { convertObject } from '../table/convert.ts'

/** Makes the events of one watch; the bytes of a change are made once for all watches of the same form. */
export interface EventEncoder {
  /** @param isStored whether the object is the very one that the entry holds */
  initial(entry: Entry, object: KubeObject, isStored: boolean): OutgoingEvent
  change(type: ChangeType, change: Change, object: KubeObject): OutgoingEvent
  bookmark(resourceVersion: string, initialEventsEnd: boolean): OutgoingEvent
  error(status: Status): OutgoingEvent
}

const textEncoder = new TextEncoder()

export function eventEncoder(endpoint: Endpoint, format: OutputFormat, context: RequestContext): EventEncoder {
  const version = groupVersionOf(endpoint)
  const form = singleForm(groupVersionOf(endpoint.type), endpoint.kind)
  const { backing } = endpoint
  const isSpliced = format.mediaType === 'application/json' && !format.convert && backing.kind === 'stored'
  /** The objects whose stored bytes go out, where those are what is shown. */
  const splices = isSpliced ? context.services.registryOf(backing.resource).objects : undefined
  const includeObject = context.query.get('includeObject') ?? ''
  let headersSent = false

  /** Name of the form an event goes out in: events of one form have the same bytes. */
  const formName = (type: ChangeType): string => {
    if (!format.convert) return `${type} ${version} ${format.mediaType}`
    const { kind, version: v } = format.convert
    return `${type} ${version} ${format.mediaType} ${kind} ${v} ${includeObject} ${kind === 'Table' && headersSent}`
  }
  const isTable = format.convert?.kind === 'Table'
  const names = { ADDED: formName('ADDED'), MODIFIED: formName('MODIFIED'), DELETED: formName('DELETED') }

  const encodeObject = (type: WatchEventType, object: KubeObject): Uint8Array => {
    const converted = format.convert
      ? convertObject(endpoint, object, format.convert, context, { noHeaders: headersSent })
      : undefined
    if (format.mediaType === 'application/json') {
      return textEncoder.encode(`{"type":"${type}","object":${plainJson(converted?.object ?? object)}}\n`)
    }
    const struct = converted?.struct ?? endpoint.type.struct
    if (!struct) throw internalError('no protobuf form of the object')
    return encodeWatchFrame(type, encodeProtobuf(struct, converted?.object ?? object))
  }

  const once = (encode: () => Uint8Array): (() => Uint8Array) => {
    let bytes: Uint8Array | undefined
    return () => (bytes ??= encode())
  }

  return {
    initial(entry, object, isStored) {
      const encode = once(() =>
        splices && isStored ? splicedEvent('ADDED', form, entry, splices.plain(entry)) : encodeObject('ADDED', object),
      )
      return sent({ type: 'ADDED', object, encode })
    },
    change(type, change, object) {
      const name = isTable ? formName(type) : names[type]
      const encode = (): Uint8Array => {
        let bytes = change.encoded.get(name)
        if (!bytes) {
          bytes =
            splices && type !== 'DELETED' && change.entry && object === change.object
              ? splicedEvent(type, form, change.entry, splices.plain(change.entry))
              : encodeObject(type, object)
          change.encoded.set(name, bytes)
        }
        return bytes
      }
      return sent({ type, object, encode })
    },
    bookmark(resourceVersion, initialEventsEnd) {
      const annotations = initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}
      const object = emptyObject(endpoint, { resourceVersion, ...annotations })
      return sent({ type: 'BOOKMARK', object, encode: once(() => encodeObject('BOOKMARK', object)) })
    },
    error(status) {
      const object = status as KubeObject
      const encode = (): Uint8Array =>
        format.mediaType === 'application/json'
          ? textEncoder.encode(`{"type":"ERROR","object":${JSON.stringify(status)}}\n`)
          : encodeWatchFrame('ERROR', encodeProtobuf(builtinStruct('meta/v1', 'Status'), status))
      return { type: 'ERROR', object, encode }
    },
  }

  /** A table's columns go out with the first event only; so its bytes must be made before the next event is. */
  function sent(event: OutgoingEvent): OutgoingEvent {
    if (isTable && !headersSent) {
      const bytes = event.encode()
      headersSent = true
      return { ...event, encode: () => bytes }
    }
    return event
  }
}

/** Kinds that never leave open how many replicas they want. */
const counted: ReadonlySet<string> = new Set(['Deployment', 'ReplicaSet', 'StatefulSet'])

/** An object of nothing but metadata: built-in kinds show the fields that are never left out. */
function emptyObject(endpoint: Endpoint, metadata: KubeObject['metadata']): KubeObject {
  const { kind, group, type } = endpoint
  const object = { kind, apiVersion: groupVersionOf(endpoint), metadata }
  if (!type.struct) return object
  const spec = group === 'apps' && counted.has(kind) ? { spec: { replicas: 0 } } : {}
  return type.shown(type.normalize({ ...object, ...spec }).object)
}

/** A watch event around the stored bytes of an object. */
function splicedEvent(type: ChangeType, form: ServingForm, entry: Entry, plain: Uint8Array): Uint8Array {
  const head = textEncoder.encode(`{"type":"${type}","object":`)
  const bytes = new Uint8Array(head.length + servedLength(form, plain, entry.modRevision) + 2)
  bytes.set(head, 0)
  const end = writeServed(bytes, head.length, form, plain, entry.modRevision)
  bytes[end] = 0x7d // }
  bytes[end + 1] = 0x0a
  return bytes
}
