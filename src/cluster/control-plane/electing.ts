import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { aborted } from '#base'
import type { Clock, Component, Logger } from '#base'
import { createEventBroadcaster, createInformerFactory, LeadershipLostError, withLeaderElection } from '#client'
import type { Client, EventBroadcaster, InformerFactory } from '#client'
import { ComponentGroup } from './components.ts'

/** What components share while their process leads. */
export interface Shared {
  readonly informers: InformerFactory
  readonly events: EventBroadcaster
}

export interface ElectingOptions {
  /** Name of the lease in `kube-system`, and of the component. */
  readonly name: string
  readonly client: Client
  readonly clock: Clock
  readonly logger: Logger
  /** What runs then, made anew each time. */
  readonly make: (shared: Shared) => readonly Component[]
}

/** Runs components while this server is the one of several that leads. One that no longer leads stands by again. */
export function whileLeading(options: ElectingOptions): Component {
  const { name, client, clock, logger } = options
  return {
    name,
    async start(signal) {
      const identity = `${hostname()}_${randomUUID()}`
      const lease = { namespace: 'kube-system', name }
      while (!signal.aborted) {
        const term = { name, start: (until: AbortSignal) => serve(options, until) }
        const elected = withLeaderElection(term, { client, clock, log: logger, lease, identity, releaseOnCancel: true })
        try {
          await elected.start(signal)
        } catch (error) {
          if (!(error instanceof LeadershipLostError)) throw error
          logger.warn('Another server may lead now', { lock: `kube-system/${name}` })
        }
      }
    },
  }
}

async function serve({ client, clock, logger, make }: ElectingOptions, signal: AbortSignal): Promise<void> {
  const shared = {
    informers: createInformerFactory(client, { clock, log: logger }),
    events: createEventBroadcaster({ client, clock, log: logger }),
  }
  const group = new ComponentGroup(logger)
  try {
    group.start(shared.informers, shared.events)
    group.start(...make(shared))
    await Promise.race([aborted(signal).promise, group.failed])
  } finally {
    await group.stop()
  }
}
