import type { Logger } from '#base'
import { noApiClient, referenceTo } from '#client'
import type { Client, EventRecorder } from '#client'

/** What an agent without an API asks of it fails by this. */
export const noApi = (): Client => noApiClient('not supported due to running kubelet in standalone mode')

/** Where nobody hears of events, those who look for the cause of something find them in the log. */
export const eventsInLog = (log: Logger): EventRecorder => ({
  event: (object, type, reason, message) => {
    const { kind, namespace, name, fieldPath } = referenceTo(object)
    log.debug('Event occurred', {
      kind,
      object: namespace ? `${namespace}/${name}` : name,
      fieldPath,
      type,
      reason,
      message,
    })
  },
})
