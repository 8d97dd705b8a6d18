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

/** The component as it is, or while this process leads. */
export function leading(component: Component, remote: Remote, settings: LeaderSettings | undefined): Component {
  if (!settings) return component
  const { namespace, name, ...times } = settings
  const { client, clock, logger } = remote
  return withLeaderElection(component, {
    client,
    clock,
    log: logger,
    lease: { namespace, name },
    identity: `${hostname()}_${randomUUID()}`,
    releaseOnCancel: true,
    ...times,
  })
}
