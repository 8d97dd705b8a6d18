import { DroppedRequests } from './dropped.ts'
import type { Clock } from '#base'
import { tooManyRequests } from './flow-control.ts'
import type { FlowControl } from './flow-control.ts'

export interface MaxInFlightOptions {
  readonly clock: Clock
  /** Requests at once that only read; no limit for 0. */
  readonly reading: number
  /** Requests at once that write; no limit for 0. */
  readonly writing: number
}

const readingVerbs: ReadonlySet<string> = new Set(['get', 'list', 'watch'])

/** Flow control of the simple kind: so many requests at once, and nobody waits. Administrators are let through. */
export function maxInFlight({ clock, reading, writing }: MaxInFlightOptions): FlowControl {
  const dropped = new DroppedRequests(clock)
  const kinds = { read: { limit: reading, running: 0 }, write: { limit: writing, running: 0 } }
  return {
    isFair: false,
    admit({ user, info }) {
      const kind = readingVerbs.has(info.verb) ? kinds.read : kinds.write
      const full = kind.limit > 0 && kind.running >= kind.limit
      if (full && !user.groups.includes('system:masters')) {
        dropped.note()
        return { refused: tooManyRequests(dropped.retryAfterSeconds) }
      }
      kind.running++
      let running = true
      return {
        headers: {},
        leave() {
          if (running) kind.running--
          running = false
        },
      }
    },
  }
}
