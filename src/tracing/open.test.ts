import { expect, test } from 'vitest'
import { createLogger, silentLogger, VirtualClock } from '#base'
import type { Span } from '#base'
import { openTracing } from './open.ts'
import type { OpenTracing, TracingSettings } from './open.ts'
import { startCollector } from './testing/collector.ts'

const all = 1_000_000
const resource = { 'service.name': 'test', 'service.instance.id': 'one' }

function open(settings: TracingSettings, clock = new VirtualClock(), lines: string[] = []): OpenTracing {
  const log = createLogger('warn', (_, message, { spans }) => lines.push(`${message}: ${String(spans)}`))
  return openTracing(settings, { clock, log, resource })
}

const named = (tracing: OpenTracing, count: number): void => {
  for (let at = 0; at < count; at++) tracing.tracer.start({ name: `span ${at}` }).end()
}

test('openTracing() tells a collector of spans, their parents, attributes, events, failures and times', async () => {
  await using collector = await startCollector()
  const clock = new VirtualClock()
  const tracing = open({ endpoint: collector.endpoint, samplingRatePerMillion: all }, clock)
  const outer = tracing.tracer.start({ name: 'outer', kind: 'Server', scope: 'a', attributes: { text: 'x', count: 3 } })
  await tracing.tracer.within(outer, async () => {
    await Promise.resolve()
    const inner = tracing.tracer.start({ name: 'inner' })
    inner.event('half', { way: true })
    await clock.advance(1500)
    inner.fail('it broke')
    inner.end()
    inner.event('too late')
  })
  outer.set({ more: true })
  outer.end()
  await tracing.close()
  const [parent, child] = ['outer', 'inner'].map((name) => collector.spans.find((span) => span.name === name))
  expect(parent).toMatchObject({
    resource,
    scope: 'a',
    kind: 'Server',
    parent: '',
    attributes: { text: 'x', count: 3, more: true },
    failure: undefined,
    flags: 0x101,
  })
  expect(child).toMatchObject({
    scope: 'k8s.io/component-base/tracing',
    kind: 'Internal',
    trace: parent?.trace,
    parent: parent?.id,
    events: ['half'],
    failure: 'it broke',
    nanoseconds: 1_500_000_000n,
  })
})

test('openTracing() sends a batch of 512 at once, and what is less after five seconds', async () => {
  await using collector = await startCollector()
  const clock = new VirtualClock()
  const tracing = open({ endpoint: collector.endpoint, samplingRatePerMillion: all }, clock)
  named(tracing, 8)
  await clock.advance(4999)
  named(tracing, 2)
  expect(collector.batches).toEqual([])
  await clock.advance(1)
  await expect.poll(() => collector.batches).toEqual([10])
  named(tracing, 520)
  await expect.poll(() => collector.batches).toEqual([10, 512])
  await expect
    .poll(async () => {
      await clock.advance(5000)
      return collector.batches
    })
    .toEqual([10, 512, 8])
  await tracing.close()
})

test('openTracing() drops what a collector that is down does not take, and keeps no more than 2048 meanwhile', async () => {
  const clock = new VirtualClock()
  const lines: string[] = []
  const tracing = open({ endpoint: 'unix:///nowhere/otlp.sock', samplingRatePerMillion: all }, clock, lines)
  named(tracing, 10_000)
  for (let round = 0; round < 20; round++) {
    await clock.advance(5000)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await expect
    .poll(async () => {
      await clock.advance(5000)
      return lines.length
    })
    .toBe(5)
  // Of ten thousand, a batch that was under way and those that could wait.
  expect(lines).toEqual(Array.from({ length: 5 }, () => 'Traces were not exported: 512'))
  const closing = tracing.close()
  await clock.advance(1000)
  await closing
})

test('openTracing() goes by the sampling of what a span is a part of, and begins as many traces as it is to', async () => {
  await using collector = await startCollector()
  const sampled = (settings: TracingSettings, headers?: { readonly [name: string]: string }): boolean => {
    const { tracer } = open({ endpoint: collector.endpoint, ...settings })
    const parent = headers && tracer.extract(headers)
    return tracer.start({ name: 'x', ...(parent ? { parent } : {}) }).isRecording
  }
  const header = (flags: string): { readonly traceparent: string } => ({
    traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-${flags}`,
  })
  expect(sampled({})).toBe(false)
  expect(sampled({}, header('01'))).toBe(true)
  expect(sampled({ samplingRatePerMillion: all })).toBe(true)
  expect(sampled({ samplingRatePerMillion: all }, header('00'))).toBe(false)
  const { tracer } = open({ endpoint: collector.endpoint, samplingRatePerMillion: 250_000 })
  const spans = Array.from({ length: 4000 }, (): Span => tracer.start({ name: 'x' }))
  const kept = spans.filter(({ isRecording }) => isRecording)
  expect(kept.length).toBeGreaterThan(800)
  expect(kept.length).toBeLessThan(1200)
  // The identifier decides: whoever sees it decides the same.
  const bound = 250_000n * (1n << 63n)
  for (const { context, isRecording } of spans) {
    expect((BigInt(`0x${context.traceId.slice(16)}`) >> 1n) * 1_000_000n < bound).toBe(isRecording)
  }
})

test('a tracer carries on what the headers of a request tell, and tells of itself in them', () => {
  const { tracer } = openTracing({}, { clock: new VirtualClock(), log: silentLogger, resource })
  const traceparent = (flags: string, version = '00', more = ''): string =>
    `${version}-${'ab'.repeat(16)}-${'cd'.repeat(8)}-${flags}${more}`
  const read = (headers: { readonly [name: string]: string }): string | undefined => {
    const sent = tracer.extract(headers)
    return sent && `${sent.spanId} ${sent.isSampled} ${sent.traceState ?? ''}`
  }
  const span = 'cd'.repeat(8)
  expect(read({ traceparent: traceparent('01'), tracestate: 'a=b, c@d=e' })).toBe(`${span} true a=b, c@d=e`)
  expect(read({ traceparent: traceparent('00'), tracestate: 'A=b' })).toBe(`${span} false `)
  expect(read({ traceparent: traceparent('ff', '01', '-more') })).toBe(`${span} true `)
  expect(read({ traceparent: traceparent('03') })).toBeUndefined()
  expect(read({ traceparent: traceparent('01', '00', '-more') })).toBeUndefined()
  expect(read({ traceparent: traceparent('01', 'ff') })).toBeUndefined()
  expect(read({ traceparent: traceparent('01').toUpperCase() })).toBeUndefined()
  expect(read({ traceparent: `00-${'0'.repeat(32)}-${span}-01` })).toBeUndefined()
  expect(read({})).toBeUndefined()
  const parent = tracer.extract({ traceparent: traceparent('01'), tracestate: 'a=b' })
  if (!parent) throw new Error('no context')
  const part = tracer.start({ name: 'x', parent })
  const headers = tracer.carrying({ baggage: 'k=v' }, () => tracer.within(part, () => tracer.inject()))
  expect(headers).toEqual({
    traceparent: `00-${'ab'.repeat(16)}-${part.context.spanId}-01`,
    tracestate: 'a=b',
    baggage: 'k=v',
  })
})
