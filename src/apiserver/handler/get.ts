import { andThen } from '#base'
import type { ApiResponse } from '#client'
import { badRequest, notFound } from '#machinery'
import type { OutputFormat } from '../negotiation/accept.ts'
import { requireNameParameter } from '../registry/name-parameter.ts'
import type { Registry } from '../registry/registry.ts'
import type { RequestContext } from '../request/context.ts'
import { decodeQuery } from '../request/query-options.ts'
import type { RequestInfo } from '../request/request-info.ts'
import { tracedGet } from '../tracing/storage-spans.ts'
import { builtinStruct } from '../resource/builtin-types.ts'
import type { Backing, Endpoint } from '../resource/resource.ts'
import { EntryResponse } from './entry-response.ts'
import { respondWithObject } from './object-response.ts'
import { parsePlainVersion } from './resource-version.ts'
import { outputFormat } from './respond.ts'
import { isKept, waitForRevision } from './wait-for-revision.ts'

/** GET of one object. */
export function getObject(endpoint: Endpoint, context: RequestContext): ApiResponse | Promise<ApiResponse> {
  const { backing } = endpoint
  const { info, query, services } = context
  const format = outputFormat(context)
  refuseExport(query)
  if (backing.kind === 'read') {
    return andThen(backing.get(info.name, context), (object) => {
      if (!object) throw notFound({ group: endpoint.group, resource: endpoint.plural }, info.name)
      return respondWithObject(200, endpoint, object, context)
    })
  }
  if (backing.kind !== 'stored') throw notFound({ group: endpoint.group, resource: endpoint.plural }, info.name)

  const registry = services.registryOf(backing.resource)
  requireNameParameter(info.name)
  const wait = untilReadable(registry, context)
  if (!wait && !registry.objects.isSealed) return readObject(endpoint, backing, registry, format, context)
  return unlocked(registry, wait, info).then(() => readObject(endpoint, backing, registry, format, context))
}

function refuseExport(query: URLSearchParams): void {
  if (query.has('export')) throw badRequest('the export parameter, deprecated since v1.14, is no longer supported')
}

/**
 * Waits for the revision that a GET asks for; `undefined`: there is nothing to wait for.
 * @throws StatusError when the options of the GET can't be met
 */
export function untilReadable(registry: Registry, { query }: RequestContext): Promise<void> | undefined {
  refuseExport(query)
  const { resourceVersion } = decodeQuery<{ readonly resourceVersion?: string }>(
    builtinStruct('meta/v1', 'GetOptions'),
    query,
  )
  if (resourceVersion !== undefined && isKept(registry)) parsePlainVersion(resourceVersion)
  return waitForRevision(registry, resourceVersion)
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
  const key = objects.key(info.namespace, info.name)
  const { trace } = context
  trace?.event('About to Get from storage')
  const snapshot = objects.store.snapshot()
  const entry = trace
    ? tracedGet(trace, key, context.query.get('resourceVersion') ?? '', () => snapshot.get(key))
    : snapshot.get(key)
  if (!entry) throw notFound({ group: endpoint.group, resource: endpoint.plural }, info.name)
  if (format.convert || !backing.sameVersion) return respondWithObject(200, endpoint, objects.object(entry), context)
  // What can't be opened has to be told before the answer begins.
  objects.plain(entry)
  return new EntryResponse(200, endpoint, objects, entry, format, context.clock)
}
