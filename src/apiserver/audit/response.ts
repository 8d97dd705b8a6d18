import { andThen, pausesOf } from '#base'
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
  const told = response.kind === 'object' && tell(trail, response)
  return andThen(told, () => answered(trail, response, longRunning))
}

/** A list that goes out in pieces is no Status, and to have it whole takes long. */
function tell(trail: AuditTrail, response: ObjectResponse): Promise<void> | void {
  if (!response.jsonPieces) return trail.responseObject(response.object as object, () => sentObject(response))
  if (trail.tellsOfResponses) return tellLong(trail, response.jsonPieces(trail.shown))
}

const lineBreak = 0x0a

/** Makes JSON of what is long bit by bit. */
async function tellLong(trail: AuditTrail, pieces: Iterable<Uint8Array>): Promise<void> {
  const all: Uint8Array[] = []
  const pause = pausesOf(trail.clock)
  for (const piece of pieces) {
    if (piece.length > 0) all.push(piece)
    const wait = pause()
    if (wait) await wait
  }
  const last = all.at(-1)
  // An answer ends with its line, which an event does not within itself.
  if (last?.at(-1) === lineBreak) all[all.length - 1] = last.subarray(0, -1)
  trail.longResponseObject(all)
}

function answered(trail: AuditTrail, response: ApiResponse, longRunning: boolean): ApiResponse | Promise<ApiResponse> {
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
