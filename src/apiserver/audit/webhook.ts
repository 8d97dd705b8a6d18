import type { Logger } from '#base'
import type { Event } from '#api/audit/v1'
import { postReview } from '../webhook/post.ts'
import type { ReviewEndpoint } from '../webhook/post.ts'
import type { AuditBackend } from './backend.ts'
import { bufferedBackend } from './buffered.ts'

export interface AuditWebhookOptions extends ReviewEndpoint {
  readonly logger: Logger
}

/** Sends events to a webhook in batches, by upstream's defaults: 400 or every 30 s, ten times a second. */
export function webhookBackend(options: AuditWebhookOptions): AuditBackend {
  const { clock, logger } = options
  return bufferedBackend({
    clock,
    throttle: { perSecond: 10, burst: 15 },
    dropped: (event) => logger.warn('Audit event dropped', { auditID: event.auditID, stage: event.stage }),
    async send(items: readonly Event[]) {
      const list = { kind: 'EventList', apiVersion: 'audit.k8s.io/v1', metadata: {}, items }
      try {
        await postReview({ retryDelayMs: 10_000, retryAll: true, ...options }, list)
      } catch (error) {
        logger.error('Audit events lost', { events: items.length, error })
      }
    },
  })
}
