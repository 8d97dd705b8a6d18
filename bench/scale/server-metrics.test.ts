import { expect, test } from 'vitest'
import { countOf, quantileOf, ServerMetrics } from './server-metrics.ts'

const text = (one: number, all: number): string => `# HELP took_seconds How long.
# TYPE took_seconds histogram
took_seconds_bucket{verb="GET",path="a\\"b",le="0.1"} ${one}
took_seconds_bucket{verb="GET",path="a\\"b",le="1"} ${all}
took_seconds_bucket{verb="GET",path="a\\"b",le="+Inf"} ${all}
took_seconds_bucket{verb="PUT",path="",le="0.1"} 0
took_seconds_bucket{verb="PUT",path="",le="1"} 0
took_seconds_bucket{verb="PUT",path="",le="+Inf"} 2
depth 3
`

test('what came since an earlier state is told as histograms, with the labels that matter', () => {
  const metrics = ServerMetrics.parse(text(30, 100)).since(ServerMetrics.parse(text(10, 60)))
  const histograms = metrics.histograms('took_seconds', ({ verb }) => verb)
  const get = histograms.get('GET') ?? []
  expect(get).toEqual([
    [0.1, 20],
    [1, 40],
    [Infinity, 40],
  ])
  expect(countOf(get)).toBe(40)
  expect(histograms.get('PUT')?.at(-1)).toEqual([Infinity, 0])
  expect(metrics.histograms('took_seconds', () => undefined).size).toBe(0)
  expect(ServerMetrics.parse(text(1, 1)).values('depth')).toEqual([{ labels: {}, value: 3 }])
  expect(ServerMetrics.parse(text(1, 1)).values('took_seconds_bucket')[0]?.labels['path']).toBe('a\\"b')
})

test('a quantile lies between the bounds of its bucket', () => {
  const buckets = [
    [0.1, 20],
    [1, 40],
    [Infinity, 40],
  ] as const
  expect(quantileOf(buckets, 0.25)).toBeCloseTo(0.05)
  expect(quantileOf(buckets, 0.75)).toBeCloseTo(0.55)
  expect(quantileOf(buckets, 1)).toBe(1)
  expect(
    quantileOf(
      [
        [0.1, 0],
        [Infinity, 2],
      ],
      0.5,
    ),
  ).toBe(0.1)
  expect(quantileOf([], 0.99)).toBe(0)
})
