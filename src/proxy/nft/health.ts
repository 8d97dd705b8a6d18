import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { messageOf } from '#base'
import type { HealthCheck, HealthCheckServer, ProxyHealth } from '#proxy'
import { close, listen } from './listening.ts'

interface Served {
  readonly server: Server
  check: HealthCheck
}

/**
 * Serves health checks by HTTP.
 *
 * @param hosts addresses to listen on; all of both families when absent.
 */
export function createHealthCheckServer(hosts: readonly string[] = ['::']): HealthCheckServer {
  return new HttpHealthChecks(hosts)
}

class HttpHealthChecks implements HealthCheckServer {
  readonly #hosts: readonly string[]
  /** By namespace, name and port. */
  readonly #served = new Map<string, readonly Served[]>()
  #healthy: () => boolean = () => true

  constructor(hosts: readonly string[]) {
    this.#hosts = hosts
  }

  async serve(
    checks: Iterable<HealthCheck>,
    healthy: () => boolean,
  ): Promise<readonly { readonly check: HealthCheck; readonly error: string }[]> {
    this.#healthy = healthy
    const wanted = new Map([...checks].map((check) => [`${check.namespace}/${check.service}:${check.port}`, check]))
    for (const [key, served] of this.#served) {
      if (wanted.has(key)) continue
      this.#served.delete(key)
      await Promise.all(served.map(({ server }) => close(server)))
    }
    const failing: { check: HealthCheck; error: string }[] = []
    for (const [key, check] of wanted) {
      const served = this.#served.get(key)
      if (served) {
        for (const each of served) each.check = check
        continue
      }
      try {
        this.#served.set(key, await this.#open(check))
      } catch (error) {
        failing.push({ check, error: messageOf(error) })
      }
    }
    return failing
  }

  async close(): Promise<void> {
    const all = [...this.#served.values()].flat()
    this.#served.clear()
    await Promise.all(all.map(({ server }) => close(server)))
  }

  async #open(check: HealthCheck): Promise<readonly Served[]> {
    const opened: Served[] = []
    try {
      for (const host of this.#hosts) {
        const server = createServer((_, response) => {
          const { code, headers, body } = answerTo(served.check, this.#healthy())
          response.writeHead(code, headers).end(body)
        })
        const served: Served = { server, check }
        await listen(server, host, check.port)
        opened.push(served)
      }
      return opened
    } catch (error) {
      await Promise.all(opened.map(({ server }) => close(server)))
      throw error
    }
  }
}

/** What a load balancer is told of a service on this node. */
function answerTo(
  { namespace, service, localEndpoints }: HealthCheck,
  healthy: boolean,
): { readonly code: number; readonly headers: { readonly [name: string]: string }; readonly body: string } {
  const body = [
    '{',
    '\t"service": {',
    `\t\t"namespace": ${JSON.stringify(namespace)},`,
    `\t\t"name": ${JSON.stringify(service)}`,
    '\t},',
    `\t"localEndpoints": ${localEndpoints},`,
    `\t"serviceProxyHealthy": ${healthy}`,
    '}',
  ].join('\n')
  return {
    code: localEndpoints > 0 && healthy ? 200 : 503,
    headers: {
      'Content-Type': 'application/json',
      'X-Content-Type-Options': 'nosniff',
      'X-Load-Balancing-Endpoint-Weight': String(localEndpoints),
    },
    body,
  }
}

export interface ProxyHealthOptions {
  readonly host?: string
  readonly port?: number
  /** Hears what was said. */
  readonly answered?: (path: 'healthz' | 'livez', code: number) => void
}

/**
 * Serves the proxy's own health: `/healthz` for load balancers, which also asks whether the node is to be used, and `/livez`
 * for whoever restarts proxies.
 *
 * @returns a function that ends it.
 */
export async function serveProxyHealth(
  health: () => ProxyHealth,
  { host = '::', port = 10_256, answered = () => undefined }: ProxyHealthOptions = {},
): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0]
    if (path !== '/healthz' && path !== '/livez') return void response.writeHead(404).end()
    const { nodeEligible, ...own } = health()
    const answer = path === '/healthz' ? { ...own, nodeEligible } : own
    const ok = own.healthy && (path === '/livez' || nodeEligible)
    answered(path === '/healthz' ? 'healthz' : 'livez', ok ? 200 : 503)
    response.writeHead(ok ? 200 : 503, { 'Content-Type': 'application/json', 'X-Content-Type-Options': 'nosniff' })
    response.end(JSON.stringify(answer))
  })
  await listen(server, host, port)
  return () => close(server)
}
