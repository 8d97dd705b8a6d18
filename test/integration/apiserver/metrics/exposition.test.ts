import { expect, test } from 'vitest'
import { gathered } from '#machinery'
import { startClusterServer } from '../server.ts'
import type { ClusterServer } from '../server.ts'

const protobuf = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited'

async function get(
  server: ClusterServer,
  accept: string,
): Promise<{ readonly type: string; readonly bytes: Uint8Array }> {
  const response = await server.server.handle({
    method: 'GET',
    path: '/metrics',
    query: '',
    headers: { accept },
    user: { name: 'admin', groups: ['system:masters'] },
    signal: new AbortController().signal,
  })
  if (response.kind !== 'bytes') throw new Error('bytes were expected')
  return { type: response.contentType, bytes: response.bytes }
}

test('/metrics is text, in order of names, or protobuf for those who like that better', async () => {
  await using server = await startClusterServer()
  const text = 'text/plain; version=0.0.4; charset=utf-8; escaping='
  const asked = [
    ['', `${text}underscores`],
    ['*/*', `${text}underscores`],
    ['application/openmetrics-text;version=1.0.0', `${text}underscores`],
    ['text/plain;version=0.0.4;escaping=allow-utf-8', `${text}allow-utf-8`],
    [
      `text/plain;q=0.5,${protobuf};q=0.9`,
      'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; escaping=underscores',
    ],
    [`text/plain;q=0.9,${protobuf};q=0.5`, `${text}underscores`],
    ['application/vnd.google.protobuf', `${text}underscores`],
  ]
  for (const [accept = '', type = ''] of asked) expect((await get(server, accept)).type).toBe(type)
  const names = [...new TextDecoder().decode((await get(server, '')).bytes).matchAll(/^# TYPE (\S+)/gm)].map(
    ([, name = '']) => name,
  )
  expect(names.length).toBeGreaterThan(40)
  expect(names).toEqual(names.toSorted())
  expect(new Set(names).size).toBe(names.length)
})

test('/metrics in protobuf has the families of the text, with their labels and numbers', async () => {
  await using server = await startClusterServer()
  await server.request('POST', '/api/v1/namespaces/default/secrets', { metadata: { name: 'a' } })
  const families = readFamilies((await get(server, protobuf)).bytes)
  const total = families.find(({ name }) => name === 'apiserver_request_total')
  expect(total).toMatchObject({ help: 'Requests that were answered, by what they asked for.', type: 0 })
  const labels = {
    code: '201',
    component: 'apiserver',
    dry_run: '',
    group: '',
    resource: 'secrets',
    scope: 'resource',
    subresource: '',
    verb: 'POST',
    version: 'v1',
  }
  const found = total?.metrics.find((metric) => JSON.stringify(metric.labels) === JSON.stringify(labels))
  expect(found?.counter).toBe(1)
  const { group: _, ...rest } = labels
  expect(Object.keys(rest)).toHaveLength(8)
  const admission = families.find(({ name }) => name === 'apiserver_admission_step_admission_duration_seconds')
  expect(admission?.type).toBe(4)
  const [step] = admission?.metrics ?? []
  expect(step?.histogram?.buckets.map(({ bound }) => bound)).toEqual([0.005, 0.025, 0.1, 0.5, 1, 2.5])
  expect(step?.histogram?.buckets[0]?.count).toBe(step?.histogram?.count)
  expect(families.find(({ name }) => name === 'version_info')?.metrics[0]?.gauge).toBe(1)
})

test('/metrics and /metrics/slis tell when the server began', async () => {
  const start = gathered('gauge', 'process_start_time_seconds', 'Start.', () => [{ labels: {}, value: 17 }])
  const other = gathered('gauge', 'process_open_fds', 'Files.', () => [{ labels: {}, value: 3 }])
  await using server = await startClusterServer({}, { metricsSources: [() => [start, other]] })
  const began = String(Math.floor(server.clock.now() / 1000))
  await server.clock.advance(90_000)
  const [all, slis] = [await server.request('GET', '/metrics'), await server.request('GET', '/metrics/slis')]
  for (const { headers, body } of [all, slis]) {
    expect(headers['process-start-time-unix']).toBe(began)
    expect(body).toContain('process_start_time_seconds 17\n')
  }
  expect(all.body).toContain('process_open_fds 3\n')
  expect(slis.body).not.toContain('process_open_fds')
})

interface Metric {
  readonly labels: { readonly [name: string]: string }
  readonly counter?: number
  readonly gauge?: number
  readonly histogram?: {
    readonly count: number
    readonly buckets: readonly { readonly count: number; readonly bound: number }[]
  }
}

/** One field of a message: its bytes, or its number. */
type Field = readonly [id: number, value: Uint8Array | number]

function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++] ?? 0
      value += (byte & 0x7f) * shift
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    if (tag % 8 === 0) yield [tag >> 3, varint()]
    else if (tag % 8 === 1) {
      yield [tag >> 3, new DataView(bytes.buffer, bytes.byteOffset + at).getFloat64(0, true)]
      at += 8
    } else {
      const length = varint()
      yield [tag >> 3, bytes.subarray(at, (at += length))]
    }
  }
}

const all = (bytes: unknown, id: number): readonly (Uint8Array | number)[] =>
  [...fieldsOf(bytes as Uint8Array)].filter(([field]) => field === id).map(([, value]) => value)
const text = (value: unknown): string => new TextDecoder().decode(value as Uint8Array)

function readFamilies(bytes: Uint8Array): readonly {
  readonly name: string
  readonly help: string
  readonly type: unknown
  readonly metrics: readonly Metric[]
}[] {
  // Each message has its length in front, as a field of its own would behind its tag.
  const messages: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    let length = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++] ?? 0
      length += (byte & 0x7f) * shift
      if (byte < 0x80) break
    }
    messages.push(bytes.subarray(at, (at += length)))
  }
  return messages.map((family) => ({
    name: text(all(family, 1)[0]),
    help: text(all(family, 2)[0]),
    type: all(family, 3)[0],
    metrics: all(family, 4).map(metricOf),
  }))
}

function metricOf(metric: unknown): Metric {
  const labels = Object.fromEntries(all(metric, 1).map((pair) => [text(all(pair, 1)[0]), text(all(pair, 2)[0])]))
  const [gauge] = all(metric, 2)
  const [counter] = all(metric, 3)
  const [histogram] = all(metric, 7)
  return {
    labels,
    ...(gauge ? { gauge: all(gauge, 1)[0] as number } : {}),
    ...(counter ? { counter: all(counter, 1)[0] as number } : {}),
    ...(histogram
      ? {
          histogram: {
            count: all(histogram, 1)[0] as number,
            buckets: all(histogram, 3).map((bucket) => ({
              count: all(bucket, 1)[0] as number,
              bound: all(bucket, 2)[0] as number,
            })),
          },
        }
      : {}),
  }
}
