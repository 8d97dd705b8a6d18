import type { Event } from '#api/audit/v1'
import { plainJson, quote } from '#machinery'
import type { AuditBackend } from './backend.ts'

export type AuditLogFormat = 'json' | 'legacy'

/**
 * Writes events as lines.
 * @param write takes a line with its end; throws when it can't be written, which is the event's loss
 */
export function logBackend(
  format: AuditLogFormat,
  write: (line: string) => void,
  failed: (error: unknown, events: number) => void,
): AuditBackend {
  const line = format === 'json' ? (event: Event) => plainJson(event) : legacyLine
  return {
    write(events) {
      let taken = true
      for (const event of events) {
        try {
          write(`${line(event)}\n`)
        } catch (error) {
          taken = false
          failed(error, 1)
        }
      }
      return taken
    },
    close: async () => undefined,
  }
}

/** The form that was before JSON: one line of the main facts. */
function legacyLine(event: Event): string {
  const { user, impersonatedUser, objectRef, responseStatus } = event
  const username = user.username || '<none>'
  const groups = user.username && user.groups?.length ? quotedList(user.groups) : '<none>'
  const asUser = impersonatedUser ? (impersonatedUser.username ?? '') : '<self>'
  const asGroups = impersonatedUser?.groups ? quotedList(impersonatedUser.groups) : '<lookup>'
  const facts: readonly (readonly [string, string])[] = [
    ['id', event.auditID],
    ['stage', event.stage],
    ['ip', event.sourceIPs?.[0] ?? '<unknown>'],
    ['method', event.verb],
    ['user', username],
    ['groups', groups],
    ['as', asUser],
    ['asgroups', asGroups],
    ['user-agent', event.userAgent ?? ''],
    ['namespace', objectRef?.namespace || '<none>'],
    ['uri', event.requestURI],
  ]
  const response = responseStatus ? String(responseStatus.code ?? 0) : '<deferred>'
  const text = facts.map(([name, value]) => `${name}=${quote(value)}`).join(' ')
  return `${event.requestReceivedTimestamp ?? ''} AUDIT: ${text} response="${response}"`
}

const quotedList = (texts: readonly string[]): string => texts.map(quote).join(',')
