import { expect, test } from 'vitest'
import { isExpired, resourceExpired } from '#machinery'
import type { KubeObject } from '#machinery'
import type { OutgoingEvent, WatchSink } from '../transport.ts'
import { initialEventsEnd, WatchStream } from './watch-stream.ts'

const event = (revision: number, type: OutgoingEvent['type'] = 'MODIFIED'): OutgoingEvent => ({
  type,
  object: { metadata: { resourceVersion: String(revision) } },
  encode: () => new Uint8Array(),
})

/** A stream whose server is the test. */
function opened(
  options: { readonly sendsInitialEvents?: boolean; readonly onStart?: (sink: WatchSink) => void } = {},
): {
  readonly stream: WatchStream<KubeObject>
  readonly sink: () => WatchSink
  readonly stops: () => number
  readonly signals: AbortSignal[]
} {
  const signals: AbortSignal[] = []
  let sink: WatchSink | undefined
  let stops = 0
  const stream = new WatchStream<KubeObject>({
    open: async (signal) => {
      signals.push(signal)
      return {
        kind: 'watch',
        code: 200,
        contentType: 'application/json',
        start(given) {
          sink = given
          options.onStart?.(given)
          return () => stops++
        },
      }
    },
    subject: { method: 'GET' },
    signal: undefined,
    limit: 3,
    sendsInitialEvents: options.sendsInitialEvents === true,
  })
  return {
    stream,
    sink: () => {
      if (!sink) throw new Error('the watch has not started')
      return sink
    },
    stops: () => stops,
    signals,
  }
}

async function drain(stream: AsyncIterable<{ readonly object: KubeObject }>): Promise<(string | undefined)[]> {
  const revisions: (string | undefined)[] = []
  for await (const { object } of stream) revisions.push(object.metadata.resourceVersion)
  return revisions
}

test('a consumer that lags beyond the limit gets what waits, then the end', async () => {
  const { stream, sink, stops } = opened()
  const first = stream.next()
  await Promise.resolve()
  sink().event(event(1))
  expect((await first).value?.object.metadata.resourceVersion).toBe('1')
  for (let revision = 2; revision <= 10; revision++) sink().event(event(revision))
  expect(stops()).toBe(1)
  expect(await drain(stream)).toEqual(['2', '3', '4', '5'])
})

test('initial events do not count towards the limit', async () => {
  const initial = (sink: WatchSink): void => {
    for (let revision = 1; revision <= 9; revision++) sink.event(event(revision, 'ADDED'))
  }
  const synchronous = opened({ onStart: initial })
  const first = synchronous.stream.next()
  await first
  synchronous.sink().event(event(10))
  expect(synchronous.stops()).toBe(1)

  const streamed = opened({ sendsInitialEvents: true })
  const next = streamed.stream.next()
  await Promise.resolve()
  initial(streamed.sink())
  await next
  expect(streamed.stops()).toBe(0)
  const bookmark = event(10, 'BOOKMARK')
  const object = { metadata: { ...bookmark.object.metadata, annotations: { [initialEventsEnd]: 'true' } } }
  streamed.sink().event({ ...bookmark, object })
  streamed.sink().event(event(11))
  expect(streamed.stops()).toBe(1)
  expect((await drain(streamed.stream)).length).toBe(10)
})

test('an ERROR event throws after the events before it', async () => {
  const { stream, sink } = opened()
  const first = stream.next()
  await Promise.resolve()
  sink().event(event(1))
  sink().event(event(2))
  const object = resourceExpired('too old').status as object as KubeObject
  sink().event({ ...event(3, 'ERROR'), object })
  sink().end()
  expect((await first).value?.type).toBe('MODIFIED')
  expect((await stream.next()).value?.object.metadata.resourceVersion).toBe('2')
  expect(isExpired(await stream.next().catch((error: unknown) => error))).toBe(true)
  expect((await stream.next()).done).toBe(true)
})

test('leaving the loop stops the watch and aborts its request', async () => {
  const { stream, sink, stops, signals } = opened()
  const loop = (async () => {
    for await (const _ of stream) break
  })()
  await Promise.resolve()
  sink().event(event(1))
  await loop
  expect(stops()).toBe(1)
  expect(signals[0]?.aborted).toBe(true)
  sink().event(event(2))
  expect((await stream.next()).done).toBe(true)
})

test('a consumer that leaves before the answer came stops the watch that comes', async () => {
  const { stream, stops } = opened()
  const next = stream.next()
  await stream.return()
  expect((await next).done).toBe(true)
  await Promise.resolve()
  expect(stops()).toBe(1)
})
