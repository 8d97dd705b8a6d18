import type { TestServer } from '../server.ts'

/** Values of `/metrics`, by their series as they are told. */
export interface Scrape {
  /** NaN when there is no such series. */
  readonly value: (series: string) => number
  /** Series of a name, without its values. */
  readonly series: (name: string) => readonly string[]
}

export async function scrape({ request }: Pick<TestServer, 'request'>): Promise<Scrape> {
  const text = String((await request('GET', '/metrics')).body)
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const values = new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
  return {
    value: (series) => values.get(series) ?? NaN,
    series: (name) => [...values.keys()].filter((series) => series.split('{')[0] === name),
  }
}
