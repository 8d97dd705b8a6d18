import { andThen } from '#base'
import type { ApiResponse, ObjectResponse, OutgoingEvent, WatchSink } from '#client'
import type { AuditTrail } from './trail.ts'

/** Verbs and subresources whose requests last for as long as their client wants. */
export function isLongRunning(verb: string, subresource: string): boolean {
  return (
    verb === 'watch' ||
    verb === 'proxy' ||
    (subresource !== '' && ['attach', 'exec', 'proxy', 'log', 'portforward'].includes(subresource))
  )
}

/**
 * Writes the events of an answer: one when a long one begins, and one when it is over. The answer that comes back is to
 * be sent in the place of the one given.
 */
export function auditResponse(
  trail: AuditTrail,
  response: ApiResponse,
  longRunning: boolean,
): ApiResponse | Promise<ApiResponse> {
  // A list that goes out in pieces is no Status, and to have it whole takes long.
  if (response.kind === 'object' && (trail.tellsOfResponses || !response.chunks))
    trail.responseObject(response.object as object, () => sentObject(response))
  trail.responseCode(response.kind === 'upgrade' ? 101 : response.code)
  const begun = longRunning && trail.reach('ResponseStarted')
  return andThen(begun, () => closedBy(trail, response))
}

/** The object as JSON has it, where it is sent as JSON: lists do not repeat what their items are, tables are told of whole. */
function sentObject(response: ObjectResponse): object {
  const { contentType, bytes } = response.encode()
  if (!contentType.startsWith('application/json')) return response.object as object
  return JSON.parse(new TextDecoder().decode(bytes)) as object
}

function closedBy(trail: AuditTrail, response: ApiResponse): ApiResponse | Promise<ApiResponse> {
  const over = (): void => void trail.reach('ResponseComplete')
  switch (response.kind) {
    case 'watch':
      return override(response, { start: (sink: WatchSink) => auditedWatch(response.start(endOf(sink, over)), over) })
    case 'stream':
      return override(response, { body: auditedBody(response.body, over) })
    case 'upgrade':
      return override(response, {
        run: async (connection: Parameters<typeof response.run>[0]) => response.run(connection).finally(over),
      })
    default:
      return andThen(trail.reach('ResponseComplete'), () => response)
  }
}

function auditedWatch(stop: () => void, over: () => void): () => void {
  return () => {
    stop()
    over()
  }
}

function endOf(sink: WatchSink, over: () => void): WatchSink {
  return {
    event: (event: OutgoingEvent) => sink.event(event),
    ready: () => sink.ready?.(),
    end() {
      sink.end()
      over()
    },
  }
}

async function* auditedBody(body: AsyncIterable<Uint8Array>, over: () => void): AsyncIterable<Uint8Array> {
  try {
    yield* body
  } finally {
    over()
  }
}

/** The response with other members, getters left as they are. */
export function override<T extends ApiResponse>(response: T, members: { readonly [name: string]: unknown }): T {
  const descriptors: PropertyDescriptorMap = {}
  for (const name of Object.keys(members)) descriptors[name] = { value: members[name], enumerable: true }
  return Object.create(response, descriptors) as T
}
