import { expect, test } from 'vitest'
import { silentLogger, VirtualClock } from '#base'
import { NodeMetrics } from '../metrics/node-metrics.ts'
import { podLabels } from '../sandbox/config.ts'
import { RuntimeCache } from './cache.ts'
import type { ContainerStatus, PodSandboxStatus, RuntimeEvent } from './records.ts'
import type { ContainerRuntime } from './runtime.ts'
import { RuntimeWatch } from './watch.ts'

const noFiles = { readTerminationLog: () => Promise.resolve(undefined), readLogTail: () => Promise.resolve('') }

/** A pod of one container, both up, and a runtime that tells what it is told to tell. */
async function watched(): Promise<{
  readonly clock: VirtualClock
  readonly asked: string[]
  readonly changes: string[]
  readonly cache: RuntimeCache
  readonly state: { container: ContainerStatus['state']; sandbox: PodSandboxStatus['state'] }
  readonly tell: (id: string, type: RuntimeEvent['type']) => Promise<void>
  readonly stop: () => Promise<void>
}> {
  const clock = new VirtualClock()
  const [asked, changes]: string[][] = [[], []]
  const state: Awaited<ReturnType<typeof watched>>['state'] = { container: 'running', sandbox: 'ready' }
  const container = (): ContainerStatus =>
    ({
      id: 'c1',
      state: state.container,
      metadata: { name: 'app', attempt: 0 },
      image: { image: 'app:1' },
      labels: { [podLabels.podUid]: 'u1', [podLabels.podName]: 'web', [podLabels.podNamespace]: 'default' },
      annotations: {},
      mounts: [],
    }) as unknown as ContainerStatus
  const sandbox = (): PodSandboxStatus =>
    ({
      id: 's1',
      state: state.sandbox,
      metadata: { uid: 'u1', name: 'web', namespace: 'default', attempt: 0 },
    }) as never
  const told = new ReadableStream<RuntimeEvent>({ start: (controller) => void (teller = controller) })
  const runtime = {
    events: () => told,
    containerStatus: () => Promise.resolve((asked?.push('container'), container())),
    podSandboxStatus: () => Promise.resolve((asked?.push('sandbox'), sandbox())),
  } as unknown as ContainerRuntime
  const cache = new RuntimeCache({ runtime, files: noFiles, clock })
  await cache.putContainer(container(), 's1')
  cache.putSandbox(sandbox())
  const watch = new RuntimeWatch({
    runtime,
    cache,
    clock,
    log: silentLogger,
    changed: (uid) => changes?.push(uid),
    relistMs: { withEvents: 1e6, without: 1e6 },
    metrics: new NodeMetrics(clock),
  })
  const end = new AbortController()
  const running = watch.run(end.signal)
  return {
    clock,
    asked: asked ?? [],
    changes: changes ?? [],
    cache,
    state,
    tell: async (id, type) => {
      teller?.enqueue({ id, type })
      await clock.advance(0)
    },
    stop: async () => {
      end.abort()
      teller?.close()
      await running
    },
  }
}
let teller: ReadableStreamDefaultController<RuntimeEvent> | undefined

test('a container that has exited is asked for once the runtime has cleared up after it', async () => {
  const { clock, asked, changes, state, tell, stop } = await watched()
  await tell('c1', 'exited')
  await clock.advance(400)
  expect(asked).toEqual([])
  state.container = 'exited'
  await tell('c1', 'stopped')
  expect([asked, changes]).toEqual([['container'], ['u1']])
  await clock.advance(10_000)
  expect(asked).toEqual(['container'])
  await stop()
})

test('a runtime that never says that it has cleared up is asked all the same', async () => {
  const { clock, changes, state, tell, stop } = await watched()
  state.container = 'exited'
  await tell('c1', 'exited')
  await clock.advance(500)
  expect(changes).toEqual(['u1'])
  await stop()
})

test('what is being stopped is read once, when that is done', async () => {
  const { clock, asked, cache, state, tell, stop } = await watched()
  const stopped = cache.stop('c1', async () => {
    state.container = 'exited'
    await tell('c1', 'exited')
    await tell('c1', 'stopped')
    await clock.advance(5000)
    expect(asked).toEqual([])
  })
  await stopped
  expect(asked).toEqual(['container'])
  expect(cache.get('u1')?.containers.map((container) => container.state)).toEqual(['exited'])
  await expect(cache.stop('s1', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(asked).toEqual(['container', 'sandbox'])
  await stop()
})

test('a sandbox that is known to have ended is not asked for', async () => {
  const { clock, asked, cache, state, tell, stop } = await watched()
  state.sandbox = 'notready'
  await cache.refresh('s1')
  await tell('s1', 'stopped')
  await clock.advance(10_000)
  expect(asked).toEqual(['sandbox'])
  await stop()
})
