import { pausesOf } from '#base'
import type { Clock, Logger } from '#base'
import { concatBytes, encodeText, plainJson } from '#machinery'
import { postReview } from '../webhook/post.ts'
import type { ReviewEndpoint } from '../webhook/post.ts'
import type { AuditBackend } from './backend.ts'
import { longEventJson } from './event.ts'
import type { AuditEvent } from './event.ts'
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
      const send = async (): Promise<unknown> =>
        postReview({ retryDelayMs: usualRetryMs, retryAll: true, ...options }, await listOf(items, options.clock))
      const sent = send().then(
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

/** JSON of a list of events, made bit by bit. */
async function listOf(items: readonly AuditEvent[], clock: Clock): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [
    encodeText('{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":['),
  ]
  const pause = pausesOf(clock)
  for (const [index, { event, response }] of items.entries()) {
    if (index > 0) pieces.push(encodeText(','))
    pieces.push(...(response ? longEventJson(event, response) : [encodeText(plainJson(event))]))
    const wait = pause()
    if (wait) await wait
  }
  pieces.push(encodeText(']}'))
  return concatBytes(pieces)
}
