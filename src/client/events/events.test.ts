import { expect, test } from 'vitest'
import { createLogger, silentLogger, VirtualClock } from '#base'
import { events } from '#api/core/v1'
import type { Event, Pod } from '#api/core/v1'
import { events as seriesEvents } from '#api/events/v1'
import { badRequest } from '#machinery'
import { createClient } from '../request/create-client.ts'
import { TransportError } from '../request/transport-error.ts'
import { MemoryApi } from '../testing/memory-api.ts'
import { createEventBroadcaster } from './recorder.ts'
import { EventNames, referenceTo } from './reference.ts'
import { createSeriesBroadcaster } from './series.ts'

const pod: Pod = {
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { namespace: 'ns', name: 'web', uid: 'u1', resourceVersion: '7' },
  spec: { containers: [] },
}

async function recording(): Promise<{
  readonly api: MemoryApi
  readonly clock: VirtualClock
  readonly logged: string[]
  record(message: string, reason?: string): Promise<void>
  list(): Promise<readonly Event[]>
  stop(): Promise<void>
}> {
  const api = new MemoryApi()
  const clock = new VirtualClock()
  const client = createClient(api.transport, { userAgent: 'test' })
  const logged: string[] = []
  const log = createLogger('warn', (level, message) => logged.push(`${level}: ${message}`))
  const broadcaster = createEventBroadcaster({ client, clock, log })
  const recorder = broadcaster.recorder({ component: 'tester', host: 'here' })
  const controller = new AbortController()
  const running = broadcaster.start(controller.signal)
  return {
    api,
    clock,
    logged,
    record: async (message, reason = 'Tested') => {
      recorder.event(pod, 'Normal', reason, message)
      await clock.advance(0)
    },
    list: async () => (await client.list(events)).items,
    stop: async () => {
      controller.abort()
      await running
      expect(clock.pending).toBe(0)
    },
  }
}

test('an event names its object, its source and its time', async () => {
  const r = await recording()
  await r.record('it works')
  expect(await r.list()).toEqual([
    {
      kind: 'Event',
      apiVersion: 'v1',
      metadata: {
        name: `web.${(BigInt(r.clock.now()) * 1_000_000n).toString(16)}`,
        namespace: 'ns',
        uid: 'uid-2',
        resourceVersion: '2',
      },
      involvedObject: { kind: 'Pod', namespace: 'ns', name: 'web', uid: 'u1', apiVersion: 'v1', resourceVersion: '7' },
      reason: 'Tested',
      message: 'it works',
      source: { component: 'tester', host: 'here' },
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
      count: 1,
      type: 'Normal',
      reportingComponent: 'tester',
      reportingInstance: 'here',
    },
  ])
  await r.stop()
})

test('an event that repeats is counted, not created again', async () => {
  const r = await recording()
  await r.record('again')
  await r.clock.advance(5000)
  await r.record('again')
  await r.record('again')
  const [event, ...others] = await r.list()
  expect(others).toEqual([])
  expect(event).toMatchObject({
    count: 3,
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:05Z',
    metadata: { resourceVersion: '4' },
  })
  await r.stop()
})

test('an event that expired on the server is created anew with its count', async () => {
  const r = await recording()
  await r.record('again')
  const client = createClient(r.api.transport, { userAgent: 'test' })
  await client.deleteCollection(events, { namespace: 'ns' })
  await r.record('again')
  expect((await r.list()).map(({ count, message }) => [count, message])).toEqual([[2, 'again']])
  await r.stop()
})

test('the tenth different message of a reason in ten minutes becomes a combined event', async () => {
  const r = await recording()
  for (let i = 1; i <= 12; i++) await r.record(`message ${i}`)
  const list = await r.list()
  const combined = list.filter(({ message }) => message?.startsWith('(combined from similar events): '))
  expect([list.length, combined.length]).toEqual([10, 1])
  expect(combined[0]).toMatchObject({ count: 3, message: '(combined from similar events): message 12' })
  await r.clock.advance(600_001)
  await r.record('message 13')
  expect((await r.list()).some(({ message }) => message === 'message 13')).toBe(true)
  await r.stop()
})

test('a source may say 25 things about an object, then one every five minutes', async () => {
  const r = await recording()
  for (let i = 1; i <= 40; i++) await r.record('same', `Reason${i}`)
  expect((await r.list()).length).toBe(25)
  await r.clock.advance(300_000)
  await r.record('same', 'Later')
  await r.record('same', 'Latest')
  expect((await r.list()).map(({ reason }) => reason).filter((reason) => reason?.startsWith('Lat'))).toEqual(['Later'])
  await r.stop()
})

test('an unreachable server is tried twelve times, a refusal once', async () => {
  const r = await recording()
  r.api.intercept(() => new TransportError('Refused', 'connection refused'))
  await r.record('first')
  await r.clock.advance(200_000)
  expect(r.api.requests.length).toBe(12)
  expect(r.logged.at(-1)).toBe('error: Unable to write event, retry limit exceeded')
  r.api.intercept(() => badRequest('no'))
  await r.record('second')
  await r.clock.advance(200_000)
  expect(r.api.requests.length).toBe(13)
  expect(r.logged.at(-1)).toBe('error: Server rejected event, will not retry')
  await r.stop()
})

test('more than a thousand events that wait are dropped, and said so', async () => {
  const logged: string[] = []
  const broadcaster = createEventBroadcaster({
    client: createClient(new MemoryApi().transport, { userAgent: 'test' }),
    clock: new VirtualClock(),
    log: createLogger('error', (_level, message) => logged.push(message)),
  })
  const recorder = broadcaster.recorder({ component: 'tester' })
  for (let i = 0; i < 1001; i++) recorder.event(pod, 'Normal', 'Tested', `message ${i}`)
  recorder.event({ metadata: { name: 'x' } }, 'Normal', 'Tested', 'what is it')
  expect(logged).toEqual([
    'Unable to record event: too many queued events',
    'Could not construct reference, will not report event',
  ])
})

test('events beyond a rate wait for their turn', async () => {
  const api = new MemoryApi()
  const clock = new VirtualClock()
  const client = createClient(api.transport, { userAgent: 'test' })
  const broadcaster = createEventBroadcaster({ client, clock, log: silentLogger, rate: { perSecond: 2, burst: 3 } })
  const recorder = broadcaster.recorder({ component: 'tester' })
  const controller = new AbortController()
  const running = broadcaster.start(controller.signal)
  for (let i = 0; i < 6; i++) recorder.event(pod, 'Normal', `Reason${i}`, 'message')
  await clock.advance(0)
  expect(api.requests).toHaveLength(3)
  await clock.advance(1000)
  expect(api.requests).toHaveLength(5)
  await clock.advance(500)
  expect(api.requests).toHaveLength(6)
  controller.abort()
  await running
})

test('events.k8s.io: a series that goes on is not finished, and written every half hour', async () => {
  const api = new MemoryApi()
  const clock = new VirtualClock()
  const client = createClient(api.transport, { userAgent: 'test' })
  const broadcaster = createSeriesBroadcaster({ client, clock, log: silentLogger })
  const recorder = broadcaster.recorder('tester', 'here')
  const controller = new AbortController()
  const running = broadcaster.start(controller.signal)
  for (let minutes = 0; minutes <= 31; minutes += 1) {
    recorder.event({ regarding: pod, type: 'Normal', reason: 'Again', action: 'Testing', note: 'x' })
    await clock.advance(60_000)
  }
  const { items } = await client.list(seriesEvents)
  expect(items.map(({ series }) => series?.count)).toEqual([30])
  expect(api.requests.map((request) => request.split(' ')[0])).toEqual(['POST', 'PATCH', 'PATCH', 'GET'])
  controller.abort()
  await running
})

test('events.k8s.io: an unreachable server is tried twelve times, a refusal once', async () => {
  const api = new MemoryApi()
  const clock = new VirtualClock()
  const client = createClient(api.transport, { userAgent: 'test' })
  const logged: string[] = []
  const log = createLogger('error', (_level, message) => logged.push(message))
  const broadcaster = createSeriesBroadcaster({ client, clock, log })
  const recorder = broadcaster.recorder('tester', 'here')
  const record = (reason: string): void =>
    recorder.event({ regarding: pod, type: 'Normal', reason, action: 'Testing', note: 'x' })
  const controller = new AbortController()
  const running = broadcaster.start(controller.signal)
  api.intercept(() => new TransportError('Refused', 'connection refused'))
  record('First')
  await clock.advance(300_000)
  expect([api.requests.length, logged]).toEqual([12, ['Unable to write event, retry limit exceeded']])
  api.intercept(() => badRequest('no'))
  record('Second')
  await clock.advance(100_000)
  expect([api.requests.length, logged.at(-1)]).toEqual([13, 'Server rejected event, will not retry'])
  controller.abort()
  await running
})

test('events.k8s.io: a thousand events wait for the start, no more', async () => {
  const api = new MemoryApi()
  const clock = new VirtualClock()
  const client = createClient(api.transport, { userAgent: 'test' })
  const broadcaster = createSeriesBroadcaster({ client, clock, log: silentLogger })
  const recorder = broadcaster.recorder('tester', 'here')
  for (let i = 0; i < 1100; i++) {
    recorder.event({ regarding: pod, type: 'Normal', reason: `Reason${i}`, action: 'Testing', note: 'x' })
  }
  const controller = new AbortController()
  const running = broadcaster.start(controller.signal)
  await clock.advance(0)
  expect(api.requests.length).toBe(1000)
  controller.abort()
  await running
})

test('names of events are unique and valid', () => {
  const names = new EventNames(new VirtualClock())
  const made = ['web', 'web', 'Node:1', 'x'.repeat(300)].map((name) => names.next(name))
  expect(new Set(made).size).toBe(4)
  expect(made[1]).toMatch(/^web\.[0-9a-f]{16}$/)
  for (const name of made.slice(2))
    expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(referenceTo({ kind: 'Pod', name: 'x' })).toEqual({ kind: 'Pod', name: 'x' })
})

test('events.k8s.io: what repeats becomes a series, which is refreshed and finished', async () => {
  const api = new MemoryApi()
  const clock = new VirtualClock()
  const client = createClient(api.transport, { userAgent: 'test' })
  const broadcaster = createSeriesBroadcaster({ client, clock, log: silentLogger })
  const recorder = broadcaster.recorder('default-scheduler', 'here')
  const record = async (): Promise<void> => {
    const note = '0/1 nodes are available'
    recorder.event({ regarding: pod, type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', note })
    await clock.advance(0)
  }
  await record()
  expect(api.requests).toEqual([])
  const controller = new AbortController()
  const running = broadcaster.start(controller.signal)
  await clock.advance(1000)
  const list = async (): Promise<unknown[]> => (await client.list(seriesEvents)).items.map(({ series }) => series)
  expect((await client.list(seriesEvents)).items[0]).toMatchObject({
    eventTime: '2026-01-01T00:00:00.000000Z',
    reportingController: 'default-scheduler',
    reportingInstance: 'default-scheduler-here',
    action: 'Scheduling',
    regarding: { kind: 'Pod', name: 'web', uid: 'u1' },
  })
  await record()
  expect(await list()).toEqual([{ count: 2, lastObservedTime: '2026-01-01T00:00:01.000000Z' }])
  await clock.advance(1000)
  await record()
  expect(await list()).toEqual([{ count: 2, lastObservedTime: '2026-01-01T00:00:01.000000Z' }])
  await clock.advance(720_000)
  expect(await list()).toEqual([{ count: 3, lastObservedTime: '2026-01-01T00:00:02.000000Z' }])
  await record()
  expect((await list()).length).toBe(2)
  controller.abort()
  await running
  expect(clock.pending).toBe(0)
})
