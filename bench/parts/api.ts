import { numberMark } from '../load/request.ts'
import type { RequestTemplate } from '../load/request.ts'
import type { Measured } from '../load/generator.ts'
import type { RequestsResult } from '../load/tasks.ts'
import { totalCpuMs } from '../machine/processes.ts'
import type { Facts, Row } from '../report/row.ts'
import type { ApiServer } from '../systems/system.ts'
import * as rows from './api-rows.ts'
import { measureMemory } from './memory.ts'
import { configMap, namespace, podToRead, serviceAccount } from './objects.ts'
import { median, pause } from './part.ts'
import type { PartContext } from './part.ts'

/** What an API server does in a second, alone with its store. */
export async function measureApi(context: PartContext): Promise<void> {
  const { system, report, extent, cleanup } = context
  const starts: number[] = []
  for (let i = 1; i < extent.starts; i++) {
    const server = await system.startApiServer(cleanup)
    starts.push(server.readyMs)
    await server.stop()
  }
  const server = await system.startApiServer(cleanup)
  try {
    report.record(system.name, rows.ready, median([...starts, server.readyMs]))
    await pause(extent.settleMs)
    measureMemory(context, rows.memoryIdle, server.processes)
    await new ApiMeasurement(context, server).run()
    await pause(extent.settleMs)
    measureMemory(context, rows.memoryAfter, server.processes)
  } finally {
    await server.stop()
  }
}

class ApiMeasurement {
  readonly #context: PartContext
  readonly #server: ApiServer
  #number = 0

  constructor(context: PartContext, server: ApiServer) {
    this.#context = context
    this.#server = server
  }

  async run(): Promise<void> {
    await this.#prepare()
    await this.#rate(rows.create, 64, {
      method: 'POST',
      path: collection('create'),
      body: configMap(`w-${numberMark}`),
    })
    await this.#rate(rows.getPod, 32, { method: 'GET', path: '/api/v1/namespaces/get/pods/pod' })
    await this.#rate(rows.list, 4, { method: 'GET', path: collection('list') })
    await this.#watch()
  }

  async #prepare(): Promise<void> {
    const { objects } = this.#context.extent
    for (const name of ['create', 'list', 'watch', 'get']) await this.#post('/api/v1/namespaces', namespace(name))
    await this.#post('/api/v1/namespaces/get/serviceaccounts', serviceAccount('default'))
    await this.#post('/api/v1/namespaces/get/pods', podToRead('pod'))
    await this.#post(collection('list'), configMap(`l-${numberMark}`), objects, 32)
  }

  /** Creates objects. @throws Error when one is refused. */
  async #post(path: string, body: string, count = 1, connections = 1): Promise<void> {
    const request: RequestTemplate = { method: 'POST', path, body }
    const { endpoint } = this.#server
    const { result } = await this.#context.generator.run({
      kind: 'requests',
      endpoint,
      request,
      connections: Math.min(connections, count),
      ms: 120_000,
      most: count,
    })
    if (result.failed > 0) throw new Error(`${result.failed} of ${count} objects could not be created at ${path}`)
  }

  async #rate(row: Row, connections: number, request: RequestTemplate): Promise<void> {
    const { generator, extent, report, system } = this.#context
    const run = async (ms: number): Promise<Measured<RequestsResult>> => {
      const { endpoint } = this.#server
      const task = { kind: 'requests', endpoint, request, connections, ms, from: this.#number } as const
      const measured = await generator.run(task, () => totalCpuMs(this.#server.processes))
      this.#number += measured.result.requests
      return measured
    }
    await run(extent.warmUpMs)
    const measured = await run(extent.ms)
    const { requests, seconds } = measured.result
    report.record(system.name, row, requests / seconds, factsOf(measured))
  }

  async #watch(): Promise<void> {
    const { generator, extent, report, system } = this.#context
    const { endpoint, processes } = this.#server
    const run = async (writers: number, everyMs: number, writes: number) => {
      const measured = await generator.run(
        {
          kind: 'watch',
          endpoint,
          watch: { method: 'GET', path: `${collection('watch')}?watch=1` },
          watchers: extent.watchers,
          write: { method: 'POST', path: collection('watch'), body: configMap(`e-${numberMark}`) },
          writers,
          writes,
          everyMs,
          from: this.#number,
        },
        () => totalCpuMs(processes),
      )
      this.#number += writes
      await this.#context.generator.run({
        kind: 'requests',
        endpoint,
        request: { method: 'DELETE', path: collection('watch') },
        connections: 1,
        ms: 60_000,
        most: 1,
      })
      return measured
    }
    const { result, serverCpuMs, clientCpuMs } = await run(8, 0, extent.events)
    const missing = result.expected - result.delivered
    const facts = {
      'server us': (serverCpuMs * 1000) / result.delivered,
      'client us': (clientCpuMs * 1000) / result.delivered,
    }
    const failures = missing + result.failed > 0 ? { missing, failed: result.failed } : {}
    report.record(system.name, rows.watchRate, result.delivered / result.seconds, { ...facts, ...failures })
    report.record(system.name, rows.watchCost, result.delivered / (serverCpuMs / 1000))
    const paced = (await run(1, 100, Math.ceil(extent.events / 4))).result
    report.record(system.name, rows.watchLatency, paced.p50, { 'p99 ms': paced.p99 })
  }
}

const collection = (name: string): string => `/api/v1/namespaces/${name}/configmaps`

/** Beside the rate: quantiles, and processor time per request of either side. */
function factsOf({ result, serverCpuMs, clientCpuMs, wallSeconds }: Measured<RequestsResult>): Facts {
  return {
    'p50 ms': result.p50,
    'p99 ms': result.p99,
    'server us': (serverCpuMs * 1000) / result.requests,
    'client us': (clientCpuMs * 1000) / result.requests,
    'server cores': serverCpuMs / 1000 / wallSeconds,
    'client cores': clientCpuMs / 1000 / wallSeconds,
    bytes: Math.round(result.bytes / result.requests),
    ...(result.failed > 0 ? { failed: result.failed } : {}),
  }
}
