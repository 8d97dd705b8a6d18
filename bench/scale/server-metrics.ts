import { get } from 'node:https'
import type { Endpoint } from '../load/endpoint.ts'

/** Samples of a server's metrics, by name with labels as they are written. */
export class ServerMetrics {
  readonly #samples: ReadonlyMap<string, number>

  private constructor(samples: ReadonlyMap<string, number>) {
    this.#samples = samples
  }

  /** @throws Error when the server does not answer. */
  static async of(endpoint: Endpoint): Promise<ServerMetrics> {
    return ServerMetrics.parse(await read(endpoint))
  }

  static parse(text: string): ServerMetrics {
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    return new ServerMetrics(
      new Map(
        lines.map((line) => {
          const end = line.lastIndexOf(' ')
          return [line.slice(0, end), Number(line.slice(end + 1))]
        }),
      ),
    )
  }

  /** What came on top of an earlier state, for metrics that only grow. */
  since(before: ServerMetrics): ServerMetrics {
    return new ServerMetrics(
      new Map([...this.#samples].map(([key, value]) => [key, value - (before.#samples.get(key) ?? 0)])),
    )
  }

  /** Values of a metric with their labels. */
  values(name: string): { readonly labels: Labels; readonly value: number }[] {
    return [...this.#samples].flatMap(([key, value]) =>
      key === name || key.startsWith(`${name}{`) ? [{ labels: labelsOf(key), value }] : [],
    )
  }

  /** Histograms of a metric, those of which a function gives the same name as one. */
  histograms(name: string, nameOf: (labels: Labels) => string | undefined): Map<string, Buckets> {
    const found = new Map<string, Map<number, number>>()
    for (const { labels, value } of this.values(`${name}_bucket`)) {
      const group = nameOf(labels)
      if (group === undefined) continue
      const bound = labels['le'] === '+Inf' ? Infinity : Number(labels['le'])
      const buckets = found.get(group) ?? new Map<number, number>()
      found.set(group, buckets.set(bound, (buckets.get(bound) ?? 0) + value))
    }
    return new Map([...found].map(([group, buckets]) => [group, [...buckets].sort(([a], [b]) => a - b)]))
  }
}

export interface Labels {
  readonly [name: string]: string
}

/** Upper bounds, and how many values are not above them. */
export type Buckets = readonly (readonly [bound: number, count: number])[]

export const countOf = (buckets: Buckets): number => buckets.at(-1)?.[1] ?? 0

/** A quantile as Prometheus reckons it: between the bounds of its bucket, as if values lay evenly there. 0 without values. */
export function quantileOf(buckets: Buckets, part: number): number {
  const wanted = countOf(buckets) * part
  let [low, below] = [0, 0]
  for (const [bound, count] of buckets) {
    if (count >= wanted && count > below) {
      return bound === Infinity ? low : low + ((bound - low) * (wanted - below)) / (count - below)
    }
    ;[low, below] = [bound, count]
  }
  return 0
}

function labelsOf(key: string): Labels {
  const pairs = key.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)
  return Object.fromEntries([...pairs].map(([, name = '', value = '']) => [name, value]))
}

function read({ host, port, token, certificate, key }: Endpoint): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(
      {
        host,
        port,
        path: '/metrics',
        rejectUnauthorized: false,
        timeout: 60_000,
        ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
        ...(certificate === undefined || key === undefined ? {} : { cert: certificate, key }),
      },
      (response) => {
        const pieces: Buffer[] = []
        response.on('data', (piece: Buffer) => pieces.push(piece))
        response.once('error', reject)
        response.once('end', () => {
          const text = Buffer.concat(pieces).toString()
          if (response.statusCode === 200) resolve(text)
          else reject(new Error(`the metrics were answered with ${response.statusCode}`))
        })
      },
    )
    request.once('error', reject)
    request.once('timeout', () => request.destroy(new Error('the metrics were not answered within a minute')))
  })
}
