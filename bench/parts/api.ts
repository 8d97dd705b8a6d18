import { numberMark } from '../load/request.ts'
import { totalCpuMs } from '../machine/processes.ts'
import type { ApiServer } from '../systems/system.ts'
import { ApiLoad } from './api-load.ts'
import * as rows from './api-rows.ts'
import { measureMemory } from './memory.ts'
import { configMap, podToRead } from './objects.ts'
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
  readonly #load: ApiLoad

  constructor(context: PartContext, server: ApiServer) {
    this.#context = context
    this.#server = server
    this.#load = new ApiLoad(context, server)
  }

  async run(): Promise<void> {
    const load = this.#load
    for (const name of ['create', 'list', 'watch', 'get']) await load.namespace(name)
    await load.create('/api/v1/namespaces/get/pods', podToRead('pod'))
    await load.create(collection('list'), configMap(`l-${numberMark}`), this.#context.extent.objects)
    await load.rate(rows.create, 64, {
      method: 'POST',
      path: collection('create'),
      body: configMap(`w-${numberMark}`),
    })
    await load.rate(rows.getPod, 32, { method: 'GET', path: '/api/v1/namespaces/get/pods/pod' })
    await load.rate(rows.list, 4, { method: 'GET', path: collection('list') })
    await this.#watch()
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
          from: this.#load.number,
        },
        () => totalCpuMs(processes),
      )
      this.#load.number += writes
      await this.#load.send({ method: 'DELETE', path: collection('watch') })
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
