import type { ListOptions } from '#api/meta/v1'
import type { ApiResponse } from '#client'
import { failure, notAcceptable } from '#machinery'
import type { Registry } from '../registry/registry.ts'
import type { RequestContext } from '../request/context.ts'
import type { Endpoint } from '../resource/resource.ts'
import { includedObject } from '../table/convert.ts'
import { readListOptions } from './list.ts'
import { parsePlainVersion } from './resource-version.ts'
import { outputFormat } from './respond.ts'
import { tracedRead } from '../tracing/storage-spans.ts'
import { requireReadable } from './unreadable.ts'
import { waitForRevision } from './wait-for-revision.ts'
import { WatchSession } from './watch-session.ts'
import type { WatchStart } from './watch-session.ts'

const streamsOnly =
  'only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch'

/** GET of a collection as a stream of changes. */
export async function watchObjects(endpoint: Endpoint, context: RequestContext): Promise<ApiResponse> {
  const { backing } = endpoint
  if (backing.kind !== 'stored')
    throw failure(405, 'MethodNotAllowed', 'watch is not supported on the requested resource')
  const format = outputFormat(context)
  const { options, selection } = readListOptions(endpoint, context)
  const registry = context.services.registryOf(backing.resource)
  if (registry.objects.isSealed) await requireReadable(registry, context.clock)
  const from = await tracedRead(context, 'cacher.Watch', registry, () => startOf(registry, options))
  if (format.convert?.kind === 'Table') includedObject(context)
  if (format.mediaType === 'application/yaml') throw notAcceptable(streamsOnly)
  return {
    kind: 'watch',
    code: 200,
    contentType: format.mediaType === 'application/json' ? 'application/json' : `${format.mediaType};stream=watch`,
    lagged: () => registry.watches?.terminated(),
    start: (sink) => new WatchSession({ endpoint, registry, selection, options, from, format, context, sink }).start(),
  }
}

/** @throws StatusError BadRequest for a resourceVersion that is none */
async function startOf(registry: Registry, options: ListOptions): Promise<WatchStart> {
  const { resourceVersion, sendInitialEvents } = options
  // However it is written, zero is no revision.
  const after = resourceVersion === undefined ? 0 : parsePlainVersion(resourceVersion)
  if (after > 0 && !sendInitialEvents) return { initial: false, after }
  if (after === 0 && sendInitialEvents === false) {
    await registry.objects.store.fresh()
    return { initial: false, after: registry.objects.store.snapshot().revision }
  }
  try {
    await waitForRevision(registry, resourceVersion, 1)
    return { initial: true }
  } catch (refused) {
    // Whoever could be told where to begin is told within the stream that it can't be done.
    return { initial: true, refused }
  }
}
