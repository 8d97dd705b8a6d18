import type { Event } from '#api/audit/v1'
import { andThen } from '#base'
import { encodeText, plainJson, quote } from '#machinery'
import type { AuditBackend } from './backend.ts'
import { longEventJson } from './event.ts'
import type { AuditEvent, LongJson } from './event.ts'

export type AuditLogFormat = 'json' | 'legacy'

/** Where lines go. What can't be written is lost. */
export interface AuditLog {
  /** Writes a line with its end. @throws Error when it can't */
  write(line: string): void
  /** The same of a line in pieces. @throws Error when it can't */
  writeLong(line: LongJson): Promise<void>
}

/** Writes events as lines. */
export function logBackend(
  format: AuditLogFormat,
  log: AuditLog,
  failed: (error: unknown, events: number) => void,
): AuditBackend {
  const writeOne = ({ event, response }: AuditEvent): Promise<void> | void => {
    if (format === 'json' && response) return log.writeLong([...longEventJson(event, response), lineEnd])
    log.write(`${format === 'json' ? plainJson(event) : legacyLine(event)}\n`)
  }
  const lost = (error: unknown): boolean => {
    failed(error, 1)
    return false
  }
  return {
    write(events) {
      let taken: boolean | Promise<boolean> = true
      for (const event of events) {
        try {
          const written = writeOne(event)
          if (!written) continue
          const one = written.then(() => true, lost)
          const before: boolean | Promise<boolean> = taken
          taken = one.then(async (done) => (await before) && done)
        } catch (error) {
          const failure = lost(error)
          taken = andThen(taken, () => failure)
        }
      }
      return taken
    },
    close: async () => undefined,
  }
}

const lineEnd = encodeText('\n')

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
