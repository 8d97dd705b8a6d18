import type { Measured } from '../load/generator.ts'
import type { RequestTemplate } from '../load/request.ts'
import type { RequestsResult } from '../load/tasks.ts'
import { totalCpuMs } from '../machine/processes.ts'
import type { Facts, Row } from '../report/row.ts'
import type { ApiServer } from '../systems/system.ts'
import { namespace, serviceAccount } from './objects.ts'
import type { PartContext } from './part.ts'

/** Puts load on an API server and reports its rates. */
export class ApiLoad {
  readonly context: PartContext
  readonly server: ApiServer
  /** The number that the next request gets. */
  number = 0

  constructor(context: PartContext, server: ApiServer) {
    this.context = context
    this.server = server
  }

  /** A namespace in which pods may be made at once. */
  async namespace(name: string): Promise<void> {
    await this.create('/api/v1/namespaces', namespace(name))
    await this.create(`/api/v1/namespaces/${name}/serviceaccounts`, serviceAccount('default'))
  }

  create(path: string, body: string, count = 1, connections = 32): Promise<void> {
    return this.send({ method: 'POST', path, body }, count, connections)
  }

  /** Sends requests, numbered from 0. @throws Error when one is refused. */
  async send(request: RequestTemplate, count = 1, connections = 32): Promise<void> {
    const { endpoint } = this.server
    const { result } = await this.context.generator.run({
      kind: 'requests',
      endpoint,
      request,
      connections: Math.min(connections, count),
      ms: 600_000,
      most: count,
    })
    if (result.failed > 0) throw new Error(`${result.failed} of ${count} requests were refused at ${request.path}`)
  }

  async rate(row: Row, connections: number, request: RequestTemplate): Promise<void> {
    const { generator, extent, report, system } = this.context
    const run = async (ms: number): Promise<Measured<RequestsResult>> => {
      const { endpoint } = this.server
      const task = { kind: 'requests', endpoint, request, connections, ms, from: this.number } as const
      const measured = await generator.run(task, () => totalCpuMs(this.server.processes))
      this.number += measured.result.requests
      return measured
    }
    await run(extent.warmUpMs)
    const measured = await run(extent.ms)
    const { requests, seconds } = measured.result
    report.record(system.name, row, requests / seconds, factsOf(measured))
  }
}

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
