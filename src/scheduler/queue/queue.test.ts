import { expect, test } from 'vitest'
import { silentLogger, VirtualClock } from '#base'
import type { Pod } from '#api/core/v1'
import { ResourceIds } from '../cache/amounts.ts'
import { PodShapes } from '../cache/pod-info.ts'
import type { EventRegistration } from '../framework/events.ts'
import type { Plugin } from '../framework/plugin.ts'
import { unresolvable } from '../framework/status.ts'
import { createPrioritySort } from '../plugins/queuesort/priority-sort.ts'
import { makeNode, makePod } from '../testing/cluster.ts'
import { Hints } from './hints.ts'
import { Nominator } from './nominator.ts'
import { SchedulingQueue } from './queue.ts'
import type { QueuedPod } from './queued-pod.ts'

interface Bench {
  readonly queue: SchedulingQueue
  readonly clock: VirtualClock
  readonly nominator: Nominator
  /** Names of pods that can be taken, in order; takes them. */
  readonly take: () => readonly string[]
  /** Tries a pod that the given plugins refuse; nobody: something broke. */
  readonly refuse: (pod: Pod, ...plugins: readonly string[]) => void
}

function makeQueue(events: { readonly [plugin: string]: readonly EventRegistration[] } = {}, gate?: Plugin): Bench {
  const clock = new VirtualClock()
  const nominator = new Nominator()
  const sort = createPrioritySort()
  const queue = new SchedulingQueue({
    clock,
    nominator,
    shapes: new PodShapes(new ResourceIds()),
    hints: new Hints(new Map([['default-scheduler', new Map(Object.entries(events))]]), silentLogger),
    less: (a, b) => sort.less?.(a, b) === true,
    preEnqueue: new Map([['default-scheduler', gate ? [gate] : []]]),
    backoff: { initialMs: 1000, maxMs: 10_000 },
    maxUnschedulableMs: 300_000,
    ready: () => {},
  })
  const taken = new Map<string, QueuedPod>()
  const pop = (): QueuedPod | undefined => {
    const queued = queue.pop()
    if (queued) taken.set(queued.info.name, queued)
    return queued
  }
  return {
    queue,
    clock,
    nominator,
    take() {
      const names: string[] = []
      for (let queued = pop(); queued; queued = pop()) names.push(queued.info.name)
      return names
    },
    refuse(pod, ...plugins) {
      const queued = taken.get(pod.metadata.name ?? '')
      if (!queued) throw new Error('the pod was not taken')
      queue.giveBack(queued, pod, { unschedulable: new Set(plugins), pending: new Set() })
    },
  }
}

const nodeAdded = { resource: 'Node', action: 'Add' } as const
const wantsNodes: readonly EventRegistration[] = [{ resource: 'Node', actions: ['Add'] }]

test('pods leave by priority, then in the order they came', () => {
  const { queue, take } = makeQueue()
  queue.add(makePod('first', { priority: 1 }))
  queue.add(makePod('second', { priority: 1 }))
  queue.add(makePod('urgent', { priority: 2 }))
  expect(take()).toEqual(['urgent', 'first', 'second'])
})

test('a refused pod waits for an event that its plugin wants, and for no other', () => {
  const { queue, take, refuse } = makeQueue({ Fit: wantsNodes })
  const pod = makePod('web')
  queue.add(pod)
  expect(take()).toEqual(['web'])
  refuse(pod, 'Fit')
  queue.moveAll({ resource: 'Node', action: 'Delete' }, makeNode('a'), undefined)
  expect(take()).toEqual([])
  queue.moveAll(nodeAdded, undefined, makeNode('a'))
  expect(take()).toEqual(['web'])
})

test('a hint may say that an event does not help; one that throws counts as help', () => {
  const seen: unknown[] = []
  const hint = (_pod: Pod, _old: unknown, node: { readonly metadata?: { readonly name?: string } } | undefined) => {
    seen.push(node?.metadata?.name)
    if (node?.metadata?.name === 'odd') throw new Error('odd')
    return 'skip' as const
  }
  const { queue, take, refuse } = makeQueue({ Fit: [{ resource: 'Node', actions: ['Add'], hint }] })
  const pods = [makePod('a'), makePod('b')]
  for (const pod of pods) queue.add(pod)
  take()
  for (const pod of pods) refuse(pod, 'Fit')
  queue.moveAll(nodeAdded, undefined, makeNode('even'))
  expect(take()).toEqual([])
  // Pods of one class that the same plugins refused are asked about once.
  expect(seen).toEqual(['even'])
  queue.moveAll(nodeAdded, undefined, makeNode('odd'))
  expect(take()).toEqual(['a', 'b'])
})

test('events that happen while a pod is tried bring it back', () => {
  const { queue, take, refuse } = makeQueue({ Fit: wantsNodes })
  const pod = makePod('web')
  queue.add(pod)
  take()
  queue.moveAll(nodeAdded, undefined, makeNode('a'))
  refuse(pod, 'Fit')
  expect(queue.counts.unschedulable).toBe(0)
  expect(take()).toEqual(['web'])
})

test('after errors pods back off for 1, 2, 4 up to 10 seconds, and idle time does not shorten that', async () => {
  const { queue, clock, take, refuse } = makeQueue()
  const pod = makePod('web')
  queue.add(pod)
  const waits: number[] = []
  for (let tries = 0; tries < 6; tries++) {
    const [taken] = take()
    expect(taken).toBe('web')
    refuse(pod)
    const start = clock.now()
    while (queue.counts.active === 0) await clock.advance(1000)
    waits.push((clock.now() - start) / 1000)
  }
  expect(waits).toEqual([1, 2, 4, 8, 10, 10])
})

test('pods without room that an event brought back may use idle time at once', () => {
  const { queue, take, refuse } = makeQueue({ Fit: wantsNodes })
  const pod = makePod('web')
  queue.add(pod)
  take()
  refuse(pod, 'Fit')
  queue.moveAll(nodeAdded, undefined, makeNode('a'))
  expect(queue.counts).toEqual({ active: 0, backoff: 1, unschedulable: 0 })
  expect(take()).toEqual(['web'])
})

test('a gated pod stays out until its gate opens', () => {
  let open = false
  const gate: Plugin = {
    name: 'Gate',
    preEnqueue: () => (open ? undefined : unresolvable('Gate', 'closed')),
    events: wantsNodes,
  }
  const { queue, take } = makeQueue({ Gate: wantsNodes }, gate)
  queue.add(makePod('web'))
  expect(take()).toEqual([])
  queue.moveAll(nodeAdded, undefined, makeNode('a'))
  expect(take()).toEqual([])
  open = true
  queue.moveAll({ resource: 'Node', action: 'Delete' }, makeNode('a'), undefined)
  expect(take()).toEqual([])
  queue.moveAll(nodeAdded, undefined, makeNode('b'))
  expect(take()).toEqual(['web'])
})

test('a pod is found under its new state after an update, and not after its deletion', () => {
  const { queue, take, nominator } = makeQueue()
  const low = makePod('low', { priority: 1 })
  queue.add(low)
  queue.add(makePod('other', { priority: 5 }))
  const raised = {
    ...low,
    spec: { ...(low.spec ?? { containers: [] }), priority: 9 },
    status: { nominatedNodeName: 'a' },
  }
  queue.update(low, raised)
  expect(nominator.nodeOf('uid-of-low')).toBe('a')
  expect(take()).toEqual(['low', 'other'])
  queue.add(low)
  queue.delete(raised)
  expect(nominator.size).toBe(0)
  expect(take()).toEqual([])
})
