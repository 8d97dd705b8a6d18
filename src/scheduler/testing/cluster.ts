import { silentLogger, VirtualClock } from '#base'
import { nodes, pods } from '#api/core/v1'
import type { Node, NodeSpec, Pod, PodSpec } from '#api/core/v1'
import { events } from '#api/events/v1'
import type { Event } from '#api/events/v1'
import { createInformerFactory } from '#client'
import type { Scheduler, SchedulerOptions } from '../options.ts'
import { createScheduler } from '../scheduler.ts'
import { MemoryClient } from './memory-client.ts'

/** A scheduler at work over objects in memory, on virtual time. */
export interface TestCluster extends AsyncDisposable {
  readonly client: MemoryClient
  readonly clock: VirtualClock
  readonly scheduler: Scheduler
  /** Moves time and lets everything that is ready happen. */
  settle(ms?: number): Promise<void>
  /** The node of a pod; empty when it has none. */
  nodeOf(name: string): string
  /** The message of the pod's `PodScheduled` condition; empty when there is none. */
  whyNot(name: string): string
  events(reason: string): readonly Event[]
}

export async function startCluster(
  objects: { readonly nodes?: readonly Node[]; readonly pods?: readonly Pod[] } = {},
  options: Partial<SchedulerOptions> = {},
): Promise<TestCluster> {
  const clock = new VirtualClock()
  const client = new MemoryClient()
  const log = silentLogger
  const informers = createInformerFactory(client, { clock, log, streamingList: false })
  for (const node of objects.nodes ?? []) client.put(nodes, node)
  for (const pod of objects.pods ?? []) client.put(pods, pod)
  client.writes.length = 0
  const scheduler = createScheduler({ client, clock, log, informers, host: 'test', ...options })
  const controller = new AbortController()
  const running = [informers.start(controller.signal), scheduler.start(controller.signal)]
  const settle = async (ms = 0): Promise<void> => {
    for (let turn = 0; turn < 4; turn++) await clock.advance(turn === 0 ? ms : 0)
  }
  await settle()
  const key = (name: string): { readonly namespace: string; readonly name: string } => ({ namespace: 'default', name })
  return {
    client,
    clock,
    scheduler,
    settle,
    nodeOf: (name) => client.read(pods, key(name)).spec?.nodeName ?? '',
    whyNot: (name) =>
      client.read(pods, key(name)).status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message ?? '',
    events: (reason) => client.all(events).filter((event) => event.reason === reason),
    async [Symbol.asyncDispose]() {
      controller.abort()
      await settle()
      await Promise.all(running)
    },
  }
}

export interface NodeFacts {
  readonly labels?: { readonly [key: string]: string }
  readonly cpu?: string
  readonly memory?: string
  readonly pods?: string
  readonly allocatable?: { readonly [name: string]: string }
  readonly spec?: NodeSpec
  readonly status?: Node['status']
}

export function makeNode(name: string, facts: NodeFacts = {}): Node {
  const { labels = {}, cpu = '4', memory = '8Gi', pods: max = '110', allocatable = {}, spec = {}, status } = facts
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec,
    status: { allocatable: { cpu, memory, pods: max, ...allocatable }, ...status },
  }
}

export interface PodFacts extends Partial<PodSpec> {
  readonly labels?: { readonly [key: string]: string }
  readonly requests?: { readonly [name: string]: string }
  readonly status?: Pod['status']
  readonly metadata?: Pod['metadata']
}

export function makePod(name: string, facts: PodFacts = {}): Pod {
  const { labels, requests, status, metadata, ...spec } = facts
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'default', name, uid: `uid-of-${name}`, ...(labels ? { labels } : {}), ...metadata },
    spec: {
      schedulerName: 'default-scheduler',
      containers: [{ name: 'main', image: 'app', ...(requests ? { resources: { requests } } : {}) }],
      ...spec,
    },
    ...(status ? { status } : {}),
  }
}
