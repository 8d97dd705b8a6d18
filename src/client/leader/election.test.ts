import { expect, test } from 'vitest'
import { silentLogger, VirtualClock } from '#base'
import type { Component } from '#base'
import { leases } from '#api/coordination/v1'
import type { Lease } from '#api/coordination/v1'
import { internalError } from '#machinery'
import type { Client } from '../client.ts'
import { createClient } from '../request/create-client.ts'
import { MemoryApi } from '../testing/memory-api.ts'
import { LeadershipLostError, withLeaderElection } from './election.ts'
import type { LeaderElected, LeaderElectionOptions } from './election.ts'

const lease = { namespace: 'kube-system', name: 'test' }
const start = Date.UTC(2026, 0, 1)

interface Candidate {
  readonly elected: LeaderElected
  readonly running: Promise<unknown>
  readonly log: string[]
  stop(): void
}

function cluster(): {
  readonly api: MemoryApi
  readonly client: Client
  readonly clock: VirtualClock
  run(identity: string, options?: Partial<LeaderElectionOptions>): Candidate
  lease(): Promise<Lease>
} {
  const api = new MemoryApi()
  const clock = new VirtualClock(start)
  const client = createClient(api.transport, { userAgent: 'test' })
  return {
    api,
    client,
    clock,
    run(identity, options = {}) {
      const log: string[] = []
      const component: Component = {
        name: 'work',
        async start(signal) {
          log.push(`starts at ${clock.now() - start}`)
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
          log.push(`stops at ${clock.now() - start}`)
        },
      }
      const controller = new AbortController()
      const elected = withLeaderElection(component, {
        client,
        clock,
        log: silentLogger,
        lease,
        identity,
        events: { event: (_object, type, reason, message) => log.push(`${type} ${reason} ${message}`) },
        onNewLeader: (leader) => log.push(`leader is ${leader}`),
        ...options,
      })
      const running = elected.start(controller.signal).catch((error: unknown) => error)
      return { elected, running, log, stop: () => controller.abort() }
    },
    lease: () => client.get(leases, lease),
  }
}

test('the first candidate creates the lease, leads, and renews every two seconds', async () => {
  const c = cluster()
  const a = c.run('a')
  await c.clock.advance(0)
  expect((await c.lease()).spec).toEqual({
    holderIdentity: 'a',
    leaseDurationSeconds: 15,
    acquireTime: '2026-01-01T00:00:00.000000Z',
    renewTime: '2026-01-01T00:00:00.000000Z',
    leaseTransitions: 0,
  })
  await c.clock.advance(4500)
  const { spec } = await c.lease()
  expect([spec.acquireTime, spec.renewTime]).toEqual(['2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:04.000000Z'])
  expect([a.elected.isLeader(), a.elected.leader()]).toEqual([true, 'a'])
  a.stop()
  expect(await a.running).toBeUndefined()
  expect(a.log).toEqual([
    'leader is a',
    'Normal LeaderElection a became leader',
    'starts at 0',
    'stops at 4500',
    'Normal LeaderElection a stopped leading',
  ])
  expect(c.clock.pending).toBe(0)
})

test('a second candidate waits a whole lease after the last renewal it saw', async () => {
  const c = cluster()
  const a = c.run('a')
  await c.clock.advance(0)
  const b = c.run('b')
  await c.clock.advance(60_000)
  expect(b.log).toEqual(['leader is a'])
  a.stop()
  await a.running
  await c.clock.advance(14_000)
  expect(b.elected.isLeader()).toBe(false)
  await c.clock.advance(8000)
  expect(b.elected.isLeader()).toBe(true)
  const { spec } = await c.lease()
  expect([spec.holderIdentity, spec.leaseTransitions]).toEqual(['b', 1])
  expect(spec.acquireTime).not.toBe('2026-01-01T00:00:00.000000Z')
  b.stop()
  await b.running
})

test('a released lease is taken at the next try', async () => {
  const c = cluster()
  const a = c.run('a', { releaseOnCancel: true })
  await c.clock.advance(0)
  const b = c.run('b')
  await c.clock.advance(1000)
  a.stop()
  await a.running
  const { spec } = await c.lease()
  expect([spec.holderIdentity, spec.leaseDurationSeconds, spec.leaseTransitions]).toEqual(['', 1, 0])
  expect(a.log.at(-1)).toBe('leader is ')
  await c.clock.advance(4400)
  expect(b.elected.isLeader()).toBe(true)
  b.stop()
  await b.running
})

test('a leader that can not renew for ten seconds stops its component and fails', async () => {
  const c = cluster()
  const a = c.run('a')
  await c.clock.advance(2000)
  c.api.intercept(() => internalError('etcd is gone'))
  await c.clock.advance(11_999)
  expect(a.elected.isLeader()).toBe(true)
  expect(a.log).not.toContain('stops at 14000')
  await c.clock.advance(1)
  expect(await a.running).toBeInstanceOf(LeadershipLostError)
  expect(a.log).toContain('stops at 14000')
})

test('a leader whose server hangs gives up as well', async () => {
  const c = cluster()
  const hanging = createClient(
    (request) =>
      c.clock.now() - start > 3000
        ? new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(new Error('aborted'))))
        : c.api.transport(request),
    { userAgent: 'test' },
  )
  const a = c.run('a', { client: hanging })
  await c.clock.advance(20_000)
  expect(await a.running).toBeInstanceOf(LeadershipLostError)
  expect(() => a.elected.check(0)).toThrow('failed election to renew leadership on lease test')
})

test('a leader that meets a conflict reads the lease and goes on', async () => {
  const c = cluster()
  const a = c.run('a')
  await c.clock.advance(0)
  const current = await c.lease()
  await c.client.update(leases, { ...current, metadata: { ...current.metadata, annotations: { touched: 'yes' } } })
  await c.clock.advance(2000)
  const { spec, metadata } = await c.lease()
  expect([spec.renewTime, spec.leaseTransitions]).toEqual(['2026-01-01T00:00:02.000000Z', 0])
  expect(metadata.annotations).toEqual({ touched: 'yes' })
  a.stop()
  await a.running
})

test('a leader whose lease another took stops when the renew deadline passes, and leaves the lease alone', async () => {
  const c = cluster()
  const a = c.run('a')
  await c.clock.advance(0)
  const current = await c.lease()
  await c.client.update(leases, { ...current, spec: { ...current.spec, holderIdentity: 'thief' } })
  await c.clock.advance(13_000)
  expect(await a.running).toBeInstanceOf(LeadershipLostError)
  expect((await c.lease()).spec.holderIdentity).toBe('thief')
})

test('a component that fails frees the lease and passes its error on', async () => {
  const c = cluster()
  const failing: Component = {
    name: 'work',
    start: async () => {
      throw new Error('broken')
    },
  }
  const elected = withLeaderElection(failing, {
    client: c.client,
    clock: c.clock,
    log: silentLogger,
    lease,
    identity: 'a',
    releaseOnCancel: true,
  })
  await expect(elected.start(new AbortController().signal)).rejects.toThrow('broken')
  expect((await c.lease()).spec.holderIdentity).toBe('')
  expect(c.clock.pending).toBe(0)
})

test('times that can not work are refused', () => {
  const c = cluster()
  expect(() => c.run('a', { leaseDurationMs: 10_000 })).toThrow('leaseDuration must be greater than renewDeadline')
  expect(() => c.run('a', { retryPeriodMs: 9000 })).toThrow('renewDeadline must be greater than')
  expect(() => c.run('')).toThrow('Lock identity is empty')
})
