import { written } from '../codec/protobuf/encode.ts'
import type { Writer } from '../codec/protobuf/writer.ts'
import type { HistogramValue } from './histogram.ts'
import { byName } from './text.ts'
import type { MetricFamily, MetricType, Sample } from './text.ts'

const typeNumbers: { readonly [type in MetricType]: number } = { counter: 0, gauge: 1, histogram: 4 }

/** Of a series, by the type of its family. */
const valueTags: { readonly [type in MetricType]: number } = { gauge: 0x12, counter: 0x1a, histogram: 0x3a }

/**
 * Families as messages `io.prometheus.client.MetricFamily`, each with its length in front, in order of their names. Those
 * without series are left out.
 */
export function expositionBytes(families: Iterable<MetricFamily>): Uint8Array<ArrayBuffer> {
  return written((writer) => {
    for (const family of byName(families).toReversed()) {
      const samples = [...family.samples()]
      if (samples.length === 0) continue
      nested(writer, () => writeFamily(writer, family, samples))
    }
  })
}

/** What is written by `content`, with its length in front. Messages are written from their end. */
function nested(writer: Writer, content: () => void, tag?: number): void {
  const before = writer.size
  content()
  writer.varint(writer.size - before)
  if (tag !== undefined) writer.byte(tag)
}

function writeFamily(writer: Writer, { name, help, type }: MetricFamily, samples: readonly Sample[]): void {
  for (const sample of samples.toReversed()) nested(writer, () => writeSample(writer, type, sample), 0x22)
  writer.varint(typeNumbers[type])
  writer.byte(0x18)
  text(writer, 0x12, help)
  text(writer, 0x0a, name)
}

function writeSample(writer: Writer, type: MetricType, { labels, value }: Sample): void {
  nested(
    writer,
    () => (typeof value === 'number' ? double(writer, 0x09, value) : writeHistogram(writer, value)),
    valueTags[type],
  )
  for (const name of Object.keys(labels).sort().toReversed()) {
    nested(
      writer,
      () => {
        text(writer, 0x12, labels[name] ?? '')
        text(writer, 0x0a, name)
      },
      0x0a,
    )
  }
}

/** The bucket without a bound is what the count tells. */
function writeHistogram(writer: Writer, { bounds, counts, sum }: HistogramValue): void {
  let total = 0
  const below = bounds.map((bound, index) => [bound, (total += counts[index] ?? 0)] as const)
  total += counts[bounds.length] ?? 0
  for (const [bound, count] of below.toReversed()) {
    nested(
      writer,
      () => {
        double(writer, 0x11, bound)
        integer(writer, 0x08, count)
      },
      0x1a,
    )
  }
  double(writer, 0x11, sum)
  integer(writer, 0x08, total)
}

function text(writer: Writer, tag: number, value: string): void {
  writer.text(value)
  writer.byte(tag)
}

function double(writer: Writer, tag: number, value: number): void {
  writer.double(value)
  writer.byte(tag)
}

function integer(writer: Writer, tag: number, value: number): void {
  writer.int64(value)
  writer.byte(tag)
}
