import { expect, test } from 'vitest'
import { Latch } from '#base'
import { nodes } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import type { ShutdownNotices } from '../seams/shutdown.ts'
import { TestNode } from '../testing/node.ts'

/** A machine whose shutdowns are told of as the test has them. */
class Shutdowns implements ShutdownNotices {
  delayMs = 5000
  held = 0
  connections = 0
  isThere = true
  readonly #told: boolean[] = []
  readonly #latch = new Latch()
  #isOver = false

  connect(): Promise<void> {
    if (!this.isThere) return Promise.reject(new Error('there is no bus'))
    this.#isOver = false
    this.connections++
    return Promise.resolve()
  }

  longestDelay = (): Promise<number> => Promise.resolve(this.delayMs)

  allowDelay(ms: number): Promise<void> {
    this.delayMs = ms
    return Promise.resolve()
  }

  hold(): Promise<() => Promise<void>> {
    this.held++
    return Promise.resolve(() => Promise.resolve(void this.held--))
  }

  async *follow(signal: AbortSignal): AsyncIterable<boolean> {
    while (!signal.aborted && !this.#isOver) {
      const next = this.#told.shift()
      if (next === undefined) await this.#latch.wait(signal)
      else yield next
    }
  }

  close(): void {}

  tell(begins: boolean): void {
    this.#told.push(begins)
    this.#latch.set()
  }

  breakOff(): void {
    this.#isOver = true
    this.#latch.set()
  }
}

const config = { shutdownGracePeriod: '30s', shutdownGracePeriodCriticalPods: '10s' }
const critical = { priority: 2_000_000_000, priorityClassName: 'system-cluster-critical' }

async function nodeWith(shutdowns: Shutdowns, settings: object = config): Promise<TestNode> {
  const node = new TestNode({
    config: settings,
    shutdowns,
    runtime: { behaviour: () => ({ container: () => ({ stopsAfterMs: 4000 }) }) },
  })
  await node.settle()
  return node
}

const phaseOf = ({ status }: Pod): string => `${status?.phase} ${status?.reason ?? ''}`.trim()

function ready(node: TestNode): string {
  const { conditions = [] } = node.api.peek(nodes, { namespace: '', name: 'node-1' })?.status ?? {}
  const condition = conditions.find(({ type }) => type === 'Ready')
  return `${condition?.status} ${condition?.message}`
}

test('a shutdown waits for pods, the critical ones last, and they fail for what they are told', async () => {
  const shutdowns = new Shutdowns()
  const node = await nodeWith(shutdowns)
  expect(shutdowns).toMatchObject({ delayMs: 30_000, held: 1 })
  await node.run('web', {})
  await node.run('dns', critical)
  shutdowns.tell(true)
  await node.clock.advance(1000)
  expect([ready(node), shutdowns.held]).toEqual(['False node is shutting down', 1])
  expect(node.events).toContain('Normal NodeShutdown Shutdown manager detected shutdown event')
  const late = await node.run('late', {})
  expect(late.status).toMatchObject({
    phase: 'Failed',
    reason: 'NodeShutdown',
    message: 'Pod was rejected: Pod was rejected as the node is shutting down.',
  })
  await node.clock.advance(3500)
  const message = 'Pod was terminated in response to imminent node shutdown.'
  expect(node.pod('web').status).toMatchObject({ phase: 'Failed', reason: 'Terminated', message })
  expect(node.pod('web').status?.conditions).toContainEqual(
    expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message }),
  )
  expect([phaseOf(node.pod('dns')), shutdowns.held]).toEqual(['Running', 1])
  await node.clock.advance(4500)
  expect([phaseOf(node.pod('dns')), shutdowns.held]).toEqual(['Failed Terminated', 0])
  await node.stop()
})

test('pods that take longer than their group has hold up no others', async () => {
  const shutdowns = new Shutdowns()
  const settings = {
    shutdownGracePeriodByPodPriority: [
      { priority: 0, shutdownGracePeriodSeconds: 2 },
      { priority: 1000, shutdownGracePeriodSeconds: 3 },
    ],
  }
  const node = await nodeWith(shutdowns, settings)
  await node.run('low', {})
  await node.run('high', { priority: 5000 })
  shutdowns.tell(true)
  const killed = (): number => node.events.filter((event) => event.includes('Killing')).length
  await node.clock.advance(1900)
  expect([killed(), shutdowns.held]).toEqual([1, 1])
  await node.clock.advance(200)
  expect([killed(), shutdowns.held]).toEqual([2, 1])
  await node.clock.advance(3100)
  expect(shutdowns.held).toBe(0)
  await node.stop()
})

test('a shutdown that is called off lets pods in again, and the next one is held up too', async () => {
  const shutdowns = new Shutdowns()
  const node = await nodeWith(shutdowns)
  shutdowns.tell(true)
  await node.settle()
  expect(shutdowns.held).toBe(0)
  shutdowns.tell(false)
  await node.clock.advance(1000)
  expect([shutdowns.held, ready(node)]).toEqual([1, 'True kubelet is posting ready status'])
  expect(phaseOf(await node.run('web', {}))).toBe('Running')
  await node.stop()
  expect(shutdowns.held).toBe(0)
})

test('what broke off is followed again, and a machine that tells nothing is asked once', async () => {
  const shutdowns = new Shutdowns()
  const node = await nodeWith(shutdowns)
  shutdowns.breakOff()
  await node.clock.advance(1500)
  expect(shutdowns).toMatchObject({ connections: 2, held: 1 })
  await node.stop()

  const nobody = new Shutdowns()
  nobody.isThere = false
  const other = await nodeWith(nobody)
  await other.clock.advance(10_000)
  nobody.isThere = true
  await other.clock.advance(10_000)
  expect(nobody.connections).toBe(0)
  expect(phaseOf(await other.run('web', {}))).toBe('Running')
  await other.stop()
})

test('without a grace period nobody is asked', async () => {
  const shutdowns = new Shutdowns()
  const node = await nodeWith(shutdowns, {})
  expect(shutdowns.connections).toBe(0)
  await node.stop()
})

test('when the machine was shut down is told, also by the next agent', async () => {
  const shutdowns = new Shutdowns()
  const checkpoints = new Map<string, string>()
  const node = new TestNode({ config, shutdowns, checkpoints })
  await node.settle()
  const times = ({ kubelet }: TestNode): string[] =>
    ['start', 'end'].map((point) => {
      const [, value = ''] =
        new RegExp(`^kubelet_graceful_shutdown_${point}_time_seconds (\\S+)$`, 'm').exec(
          kubelet.parts.metrics.text(),
        ) ?? []
      return value
    })
  expect(times(node)).toEqual(['0', '0'])
  const began = node.clock.now()
  shutdowns.tell(true)
  await node.settle()
  const [start = 0, end = 0] = times(node).map(Number)
  expect(start * 1000).toBeGreaterThanOrEqual(began)
  expect(end).toBeGreaterThanOrEqual(start)
  await node.stop()
  const next = new TestNode({ config, shutdowns: new Shutdowns(), checkpoints }, node)
  await next.settle()
  expect(times(next)).toEqual(times(node))
  await next.stop()
})
