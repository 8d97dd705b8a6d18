import type { Readable } from 'node:stream'
import { messageOf } from '#base'
import { genericError } from '#client'
import type { Headers, OutgoingEvent, WatchEventType, WatchResponse, WatchSink } from '#client'
import type { KubeObject } from '#machinery'
import { LineReader } from './lines.ts'

const types: ReadonlySet<string> = new Set<WatchEventType>(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR'])

/**
 * A watch whose events come as lines of JSON. A connection that is lost ends it like a server whose time is up: the
 * consumer goes on from the last revision. Lines that can't be read end it with an ERROR event.
 */
export function watchResponse(code: number, headers: Headers, body: Readable): WatchResponse {
  return {
    kind: 'watch',
    code,
    headers,
    contentType: headers['content-type'] ?? '',
    start(sink) {
      const lines = new LineReader()
      let over = false
      const end = (): void => {
        if (over) return
        over = true
        sink.end()
        body.destroy()
      }
      body.on('data', (chunk: Buffer) => {
        for (const line of lines.push(chunk)) {
          if (over) return
          if (line.length > 0 && !deliver(line, sink)) end()
        }
      })
      body.once('end', end)
      body.once('error', end)
      body.once('close', end)
      return () => {
        over = true
        body.destroy()
      }
    },
  }
}

/** Hands an event to the sink; `false` when no other can follow. */
function deliver(line: Buffer, sink: WatchSink): boolean {
  let type: string
  let object: KubeObject
  try {
    const parsed = JSON.parse(line.toString('utf8')) as { readonly type: string; readonly object: KubeObject }
    type = parsed.type
    object = parsed.object
    if (!types.has(type) || typeof object !== 'object') throw new Error(`got invalid watch event type: ${type}`)
  } catch (error) {
    sink.event(undecodable(messageOf(error)))
    return false
  }
  sink.event({ type: type as WatchEventType, object, encode: () => line })
  return type !== 'ERROR'
}

function undecodable(why: string): OutgoingEvent {
  const message = `unable to decode an event from the watch stream: ${why}`
  const { status } = genericError(500, { method: 'GET' }, message)
  const cause = { reason: 'ClientWatchDecoding', message }
  const details = { ...status.details, causes: [...(status.details?.causes ?? []), cause] }
  const object = { ...status, details } as object as KubeObject
  return { type: 'ERROR', object, encode: () => Buffer.from(JSON.stringify({ type: 'ERROR', object })) }
}
