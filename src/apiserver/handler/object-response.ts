import type { ApiResponse } from '#client'
import type { KubeObject } from '#machinery'
import type { Entry } from '#store'
import type { ObjectStore } from '../registry/object-store.ts'
import type { RequestContext } from '../request/context.ts'
import type { Endpoint } from '../resource/resource.ts'
import { convertedResponse } from '../table/convert.ts'
import { EntryResponse } from './entry-response.ts'
import { objectResponse, outputFormat } from './respond.ts'

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
