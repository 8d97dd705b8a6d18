import { aborted } from '#base'
import type { Component, Logger } from '#base'
import { expositionText } from '#machinery'
import type { Proxy } from '#proxy'
import { serveProxyHealth, serveProxyMetrics } from '#proxy/nft'
import { processMetrics } from '../serving/metrics.ts'

/** Where metrics of the Service proxy are looked for. */
const metricsPlace = { host: '127.0.0.1', port: 10_249 } as const
/** Where load balancers ask whether the node passes on what comes for Services. */
const healthPort = 10_256

/** Tells what the node's Service proxy does, and whether it does. A node whose ports are taken is one without that. */
export function proxyServing(proxy: Proxy, families: readonly string[], logger: Logger): Component {
  const { metrics } = proxy
  const health = {
    host: families.includes('IPv6') ? '::' : '0.0.0.0',
    port: healthPort,
    answered: (path: 'healthz' | 'livez', code: number): void => metrics.answered(path, code),
  }
  const text = (): string => metrics.text() + expositionText(processMetrics())
  const nothing = (): Promise<void> => Promise.resolve()
  const unless =
    (message: string) =>
    (error: unknown): (() => Promise<void>) => {
      logger.warn(message, { error })
      return nothing
    }
  return {
    name: 'proxy-serving',
    async start(signal) {
      const closing = await Promise.all([
        serveProxyMetrics({ ...metricsPlace, text }).catch(unless('Metrics of the Service proxy are not served')),
        serveProxyHealth(() => proxy.health(), health).catch(unless('Health of the Service proxy is not served')),
      ])
      await aborted(signal).promise
      await Promise.all(closing.map((close) => close()))
    },
  }
}
