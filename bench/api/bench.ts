import { parseArgs } from 'node:util'
import { load } from './load.ts'
import type { LoadResult } from './load.ts'
import { startOurs, startUpstream } from './target.ts'
import type { ApiTarget } from './target.ts'

const usage = `npm run bench -- api [options]
  --seconds N      of each measurement (8)
  --objects N      ConfigMaps of 1 KB that are listed (10000)
  --against DIR    measures etcd and kube-apiserver (from DIR) beside it`

/** What an API server does in a second, each server alone on the machine, one after the other. */
export async function benchApi(parameters: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      seconds: { type: 'string', default: '8' },
      objects: { type: 'string', default: '10000' },
      against: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return
  }
  const [ms, objects] = [Number(values.seconds) * 1000, Number(values.objects)]
  const ours = await measure(startOurs, ms, objects)
  const { against } = values
  if (against === undefined) return
  const theirs = await measure(async () => startUpstream(against), ms, objects)
  for (const [name, figure] of ours) {
    const other = theirs.get(name)
    if (other) console.log(`${name.padEnd(34)} ${figure.better(other).toFixed(1)} times as good`)
  }
}

interface Figure {
  readonly value: number
  /** How many times better than another one. */
  better(other: Figure): number
}

const more = (value: number): Figure => ({ value, better: (other) => value / other.value })
const less = (value: number): Figure => ({ value, better: (other) => other.value / value })

const collection = '/api/v1/namespaces/default/configmaps'

async function measure(
  start: () => Promise<ApiTarget>,
  ms: number,
  objects: number,
): Promise<ReadonlyMap<string, Figure>> {
  const target = await start()
  const figures = new Map<string, Figure>()
  const tell = (name: string, figure: Figure, text: string): void => {
    figures.set(name, figure)
    console.log(`${name.padEnd(34)} ${target.name.padEnd(16)} ${text}`)
    console.log(JSON.stringify({ bench: 'api', target: target.name, figure: name, value: figure.value }))
  }
  const rate = async (name: string, connections: number, next: () => string): Promise<LoadResult> => {
    const cpu = target.cpuMs()
    const result = await load({ port: target.port, connections, ms, next })
    const perRequest = ((target.cpuMs() - cpu) * 1000) / (result.perSecond * (ms / 1000))
    const failed = result.failed > 0 ? `, ${result.failed} failed` : ''
    tell(
      name,
      more(result.perSecond),
      `${result.perSecond.toFixed(0)}/s, median ${result.median.toFixed(2)} ms, p99 ${result.p99.toFixed(2)} ms, ${perRequest.toFixed(0)} us of processor time each${failed}`,
    )
    return result
  }
  try {
    tell('start to ready', less(target.readyMs), `${target.readyMs.toFixed(0)} ms`)
    tell('memory at rest', less(target.memory()), `${target.memory().toFixed(0)} MB`)
    let count = 0
    const write = (): string => post(target, collection, configMap(`w-${count++}`, 100))
    await rate('durable create, 64 writers', 64, write)
    await fill(target, objects)
    await rate('GET, 32 connections', 32, () => get(target, `${collection}/l-0`))
    await rate(`LIST of ${objects} ConfigMaps of 1 KB`, 4, () => get(target, `${collection}?labelSelector=l%3Dl`))
    tell('memory afterwards', less(target.memory()), `${target.memory().toFixed(0)} MB`)
  } finally {
    await target.stop()
  }
  return figures
}

const writers = 50

/** Creates the objects that are listed; every connection sends one request and sees that the time is over. */
async function fill(target: ApiTarget, objects: number): Promise<void> {
  let name = 0
  const next = (): string => post(target, collection, configMap(`l-${name++}`, 1000))
  for (let filled = 0; filled < objects; filled += writers)
    await load({ port: target.port, connections: Math.min(writers, objects - filled), ms: 0.001, next })
}

function configMap(name: string, size: number): string {
  return JSON.stringify({ metadata: { name, labels: { [name[0] ?? '']: 'l' } }, data: { text: 'x'.repeat(size) } })
}

const head = ({ token }: ApiTarget): string =>
  `Host: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\nUser-Agent: bench/1.0\r\nAccept: application/json\r\n`

const get = (target: ApiTarget, path: string): string => `GET ${path} HTTP/1.1\r\n${head(target)}\r\n`

function post(target: ApiTarget, path: string, body: string): string {
  const length = Buffer.byteLength(body)
  return `POST ${path} HTTP/1.1\r\n${head(target)}Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`
}
