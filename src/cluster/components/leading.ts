import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Component } from '#base'
import { withLeaderElection } from '#client'
import type { Remote } from './remote.ts'

/** Several instances stand by, one leads. Times in milliseconds. */
export interface LeaderSettings {
  readonly namespace: string
  readonly name: string
  readonly leaseDurationMs: number
  readonly renewDeadlineMs: number
  readonly retryPeriodMs: number
}

/** Work that is done while this process leads. */
export interface LedComponent {
  readonly component: Component
  /** Whether it does. */
  readonly leads: () => boolean
  /** Whether it has come to rest in time when it had to. */
  readonly isHealthy: () => boolean
}

/** How long a leader that has lost its lease may take to end before that counts as ill health, as upstream has it. */
const toleratedMs = 20_000

/** The component as it is, or while this process leads. */
export function leading(component: Component, remote: Remote, settings: LeaderSettings | undefined): LedComponent {
  if (!settings) return { component, leads: () => true, isHealthy: () => true }
  const { namespace, name, ...times } = settings
  const { client, clock, logger } = remote
  const elected = withLeaderElection(component, {
    client,
    clock,
    log: logger,
    lease: { namespace, name },
    identity: `${hostname()}_${randomUUID()}`,
    releaseOnCancel: true,
    ...times,
  })
  return {
    component: elected,
    leads: () => elected.isLeader(),
    isHealthy() {
      try {
        elected.check(toleratedMs)
        return true
      } catch {
        return false
      }
    },
  }
}
