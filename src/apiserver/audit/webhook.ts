import type { Logger } from '#base'
import { postReview } from '../webhook/post.ts'
import type { ReviewEndpoint } from '../webhook/post.ts'
import type { AuditBackend } from './backend.ts'
import type { AuditRecord } from './record.ts'

export interface AuditWebhookOptions extends ReviewEndpoint {
  readonly logger: Logger
  readonly record?: AuditRecord
}

/** Milliseconds before a second attempt, when nothing else is said. */
const usualRetryMs = 10_000

/** Sends events to a webhook as they come, and tries again whatever goes wrong. */
export function webhookBackend(options: AuditWebhookOptions): AuditBackend {
  const { logger, record } = options
  const underWay = new Set<Promise<boolean>>()
  return {
    write(items) {
      const list = { kind: 'EventList', apiVersion: 'audit.k8s.io/v1', metadata: {}, items }
      const sent = postReview({ retryDelayMs: usualRetryMs, retryAll: true, ...options }, list).then(
        () => true,
        (error: unknown) => {
          record?.lost('webhook', items.length)
          logger.error('Audit events lost', { events: items.length, error })
          return false
        },
      )
      underWay.add(sent)
      void sent.finally(() => underWay.delete(sent))
      return sent
    },
    async close() {
      await Promise.all(underWay)
    },
  }
}
