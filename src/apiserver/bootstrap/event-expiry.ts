import { events } from '#api/core/v1'
import type { Event } from '#api/core/v1'
import type { Client } from '#client'
import { isConflict, isNotFound } from '#machinery'
import type { Services } from '../services.ts'

/** Deletes events that nobody has written for as long as they are kept. What else fails is tried the next time. */
export async function expireEvents(services: Services, client: Client): Promise<void> {
  const oldest = services.clock.now() - services.settings.eventMs
  const expired = [...services.peekAll<Event>('', 'events', '')].filter((event) => lastWritten(event) < oldest)
  for (const { metadata } of expired) {
    const { namespace = '', name = '', resourceVersion = '', uid = '' } = metadata
    await client
      .delete(events, { namespace, name }, { preconditions: { uid, resourceVersion } })
      .catch((error: unknown) => {
        if (!isNotFound(error) && !isConflict(error)) throw error
      })
  }
}

/** Milliseconds since 1970. Writers leave their times in the object. */
function lastWritten({ metadata, lastTimestamp, eventTime, series }: Event): number {
  const times = [
    metadata.creationTimestamp,
    lastTimestamp,
    eventTime,
    series?.lastObservedTime,
    ...(metadata.managedFields ?? []).map(({ time }) => time),
  ]
  return Math.max(...times.map((time) => (time ? Date.parse(time) : 0)))
}
