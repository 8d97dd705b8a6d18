import { aborted } from '#base'
import type { Component, Logger } from '#base'
import { expositionText } from '#machinery'
import type { Proxy } from '#proxy'
import { serveProxyMetrics } from '#proxy/nft'
import { processMetrics } from '../serving/metrics.ts'

/** Where metrics of the Service proxy are looked for. */
const place = { host: '127.0.0.1', port: 10_249 } as const

/** Tells what the node's Service proxy does. A node whose port is taken is one without that. */
export function proxyMetrics({ metrics }: Proxy, logger: Logger): Component {
  return {
    name: 'proxy-metrics',
    async start(signal) {
      const text = (): string => metrics.text() + expositionText(processMetrics())
      const close = await serveProxyMetrics({ ...place, text }).catch((error: unknown) => {
        logger.warn('Metrics of the Service proxy are not served', { error })
      })
      await aborted(signal).promise
      await close?.()
    },
  }
}
