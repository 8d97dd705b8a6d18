import { describe, expect, test } from 'vitest'
import { createLogger, VirtualClock } from '#base'
import { deployments, replicasets } from '#api/apps/v1'
import { configmaps, pods } from '#api/core/v1'
import type { ConfigMap } from '#api/core/v1'
import { conflict } from '#machinery'
import type { Client } from '../client.ts'
import { createEventBroadcaster } from '../events/recorder.ts'
import { createInformerFactory } from '../informer/factory.ts'
import { createClient } from '../request/create-client.ts'
import { MemoryApi } from '../testing/memory-api.ts'
import { TerminalError } from './controller.ts'
import type { Controller, ControllerContext, ControllerDescriptor } from './controller.ts'
import { checkControllers, selectControllers } from './registration.ts'
import { runControllers } from './run.ts'
import { ownerKey, watchMapped, watchObjects, watchOwned } from './watch.ts'

interface Rig {
  readonly api: MemoryApi
  readonly client: Client
  readonly clock: VirtualClock
  readonly logged: string[]
  /** Runs controllers; the returned function stops them. */
  run(...descriptors: readonly ControllerDescriptor<string>[]): Promise<() => Promise<void>>
  create(name: string, data?: ConfigMap['data']): Promise<ConfigMap>
}

function rig(): Rig {
  const api = new MemoryApi()
  const clock = new VirtualClock(0)
  const client = createClient(api.transport, { userAgent: 'test' })
  const logged: string[] = []
  const log = createLogger('warn', (level, message) => logged.push(`${level}: ${message}`))
  return {
    api,
    client,
    clock,
    logged,
    async run(...descriptors) {
      const stop = new AbortController()
      const informers = createInformerFactory(client, { clock })
      const events = createEventBroadcaster({ client, clock, log })
      const parts = [
        informers.start(stop.signal),
        events.start(stop.signal),
        runControllers(
          descriptors,
          { informers, events, clientFor: () => client, clock, log, options: 'an option' },
          stop.signal,
        ),
      ]
      await clock.advance(0)
      return async () => {
        stop.abort()
        await Promise.all(parts)
        expect([clock.pending, api.watchCount]).toEqual([0, 0])
      }
    },
    create: (name, data = {}) => client.create(configmaps, { metadata: { namespace: 'ns', name }, data }),
  }
}

/** A controller of config maps that notes what it reconciles. */
function noting(
  seen: string[],
  controller: Partial<Controller> = {},
  create: (context: ControllerContext<string>) => void = () => {},
): ControllerDescriptor<string> {
  return {
    name: 'noting-controller',
    create(context) {
      create(context)
      return {
        watches: [watchObjects(configmaps)],
        reconcile: async (key) => {
          seen.push(key)
        },
        ...controller,
      }
    },
  }
}

describe('runControllers()', () => {
  test('reconciles what is there and what changes, new changes before what was there', async () => {
    const r = rig()
    for (const name of ['a', 'b', 'c']) await r.create(name)
    const seen: string[] = []
    let begin: () => void = () => {}
    const first = new Promise<void>((resolve) => (begin = resolve))
    const stop = await r.run(
      noting(seen, {
        reconcile: async (key) => {
          seen.push(key)
          if (seen.length === 1) await first
        },
      }),
    )
    await r.create('d')
    await r.clock.advance(0)
    begin()
    await r.clock.advance(0)
    expect(seen).toEqual(['ns/a', 'ns/d', 'ns/b', 'ns/c'])
    await stop()
  })

  test('begins when every informer asked for has synced', async () => {
    const r = rig()
    await r.create('a')
    const seen: string[] = []
    r.api.intercept(({ path }) => (path.endsWith('/pods') ? new Error('not yet') : undefined))
    const stop = await r.run(noting(seen, {}, ({ informers }) => void informers.informer(pods)))
    expect(seen).toEqual([])
    r.api.intercept(undefined)
    await r.clock.advance(5000)
    expect(seen).toEqual(['ns/a'])
    await stop()
  })

  test('stops while informers have not synced', async () => {
    const r = rig()
    r.api.intercept(() => new Error('never'))
    const stop = await r.run(noting([]))
    await stop()
  })

  test('tries a key that throws again, later each time, and others meanwhile', async () => {
    const r = rig()
    await r.create('bad')
    await r.create('good')
    const tries: number[] = []
    const seen: string[] = []
    const stop = await r.run(
      noting(seen, {
        reconcile: (key) => {
          seen.push(key)
          if (key !== 'ns/bad') return Promise.resolve()
          tries.push(r.clock.now())
          throw new Error('thrown, not rejected')
        },
      }),
    )
    await r.clock.advance(40)
    expect(tries).toEqual([0, 5, 15, 35])
    expect(seen.filter((key) => key === 'ns/good').length).toBe(1)
    expect(r.logged[0]).toBe('error: Reconcile failed')
    await stop()
  })

  test('comes back to a key when the reconcile asks for it, and not after it succeeds', async () => {
    const r = rig()
    await r.create('a')
    const times: number[] = []
    const stop = await r.run(
      noting([], {
        reconcile: async () => {
          times.push(r.clock.now())
          return times.length < 3 ? { requeueAfterMs: 1000 } : undefined
        },
      }),
    )
    await r.clock.advance(10_000)
    expect(times).toEqual([0, 1000, 2000])
    await stop()
  })

  test('comes back to a key that failed as late as the descriptor says', async () => {
    const r = rig()
    await r.create('a')
    const times: number[] = []
    const reconcile = async (): Promise<void> => {
      times.push(r.clock.now())
      throw new Error('again')
    }
    const stop = await r.run({ ...noting([], { reconcile }), retry: { firstMs: 1000, mostMs: 3000 } })
    await r.clock.advance(10_000)
    expect(times).toEqual([0, 1000, 3000, 6000, 9000])
    await stop()
  })

  test('gives up a key whose error is terminal, or that failed too often; conflicts make no noise', async () => {
    const r = rig()
    for (const name of ['terminal', 'stubborn', 'conflict']) await r.create(name)
    const seen: string[] = []
    const stop = await r.run(
      noting(seen, {
        maxRetries: 2,
        reconcile: async (key) => {
          seen.push(key)
          if (key === 'ns/terminal') throw new TerminalError('bad spec')
          if (key === 'ns/stubborn') throw new Error('again')
          if (seen.filter((each) => each === key).length === 1) throw conflict({ group: '', resource: 'x' }, 'y', 'z')
        },
      }),
    )
    await r.clock.advance(10_000)
    const count = (key: string): number => seen.filter((each) => each === key).length
    expect([count('ns/terminal'), count('ns/stubborn'), count('ns/conflict')]).toEqual([1, 3, 2])
    expect(r.logged.filter((line) => line.includes('will not retry')).length).toBe(2)
    expect(r.logged.length).toBe(4)
    await stop()
  })

  test('reconciles as many keys at a time as the controller says, never one twice', async () => {
    const r = rig()
    for (const name of ['a', 'b', 'c', 'd']) await r.create(name)
    const running = new Set<string>()
    let most = 0
    const stop = await r.run(
      noting([], {
        concurrency: 3,
        reconcile: async (key) => {
          expect(running.has(key)).toBe(false)
          running.add(key)
          most = Math.max(most, running.size)
          for (let i = 0; i < 10; i++) await Promise.resolve()
          running.delete(key)
        },
      }),
    )
    for (const turn of ['1', '2', '3']) {
      await r.client.patch(configmaps, { namespace: 'ns', name: 'a' }, { type: 'merge', patch: { data: { turn } } })
    }
    await r.clock.advance(0)
    expect(most).toBe(3)
    await stop()
  })

  test('waits at the end for what is under way, and tells it to stop', async () => {
    const r = rig()
    await r.create('a')
    const seen: string[] = []
    const stop = await r.run(
      noting(seen, {
        reconcile: async (_key, signal) => {
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
          seen.push('stopped')
        },
      }),
    )
    await stop()
    expect(seen).toEqual(['stopped'])
    expect(r.logged).toEqual([])
  })

  test('gives each controller its options, queue and events', async () => {
    const r = rig()
    const seen: string[] = []
    const stop = await r.run(
      noting(seen, {}, ({ queue, options, events, log }) => {
        queue.add(options)
        queue.addAfter('later', 1000)
        log.warn('made')
        const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { namespace: 'ns', name: 'a' } }
        events.event(object, 'Normal', 'Made', 'made')
      }),
    )
    expect(seen).toEqual(['an option'])
    await r.clock.advance(1000)
    expect(seen).toEqual(['an option', 'later'])
    expect(r.logged).toEqual(['warn: made'])
    expect(r.api.requests).toContain('POST /api/v1/namespaces/ns/events')
    await stop()
  })

  test('starts run() again when it throws', async () => {
    const r = rig()
    let runs = 0
    const stop = await r.run(
      noting([], {
        run: async (signal) => {
          if (++runs < 3) throw new Error('broken')
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
        },
      }),
    )
    await r.clock.advance(10_000)
    expect(runs).toBe(3)
    await stop()
  })

  test('lets others have their turn when keys have no end', async () => {
    /** Time passes whenever somebody looks. */
    class BusyClock extends VirtualClock {
      #looks = 0
      override monotonic(): number {
        return super.monotonic() + this.#looks++
      }
    }
    const clock = new BusyClock()
    let reconciled = 0
    const endless: ControllerDescriptor<string> = {
      name: 'endless-controller',
      create({ queue }) {
        queue.add('key')
        return {
          reconcile: async (key) => {
            reconciled++
            queue.add(key)
          },
        }
      },
    }
    const r = rig()
    const stop = new AbortController()
    const log = createLogger('error', () => {})
    const events = createEventBroadcaster({ client: r.client, clock, log })
    const informers = createInformerFactory(r.client, { clock })
    const context = { informers, events, clientFor: () => r.client, clock, log, options: '' }
    const running = runControllers([endless], context, stop.signal)
    while (clock.pending === 0) await Promise.resolve()
    const before = reconciled
    for (let i = 0; i < 1000; i++) await Promise.resolve()
    expect([before > 0, reconciled]).toEqual([true, before])
    stop.abort()
    await clock.advance(0)
    await running
  })

  test('runs nothing when one controller can not be made', async () => {
    const r = rig()
    const broken: ControllerDescriptor<string> = {
      name: 'broken-controller',
      create: () => {
        throw new Error('no cluster CIDR')
      },
    }
    await r.create('a')
    const { clock, client } = r
    const context = {
      informers: createInformerFactory(client, { clock }),
      events: createEventBroadcaster({ client, clock, log: createLogger('error', () => {}) }),
      clientFor: () => client,
      clock,
      log: createLogger('error', () => {}),
      options: '',
    }
    const running = runControllers([noting([]), broken], context, new AbortController().signal)
    await expect(running).rejects.toThrow('no cluster CIDR')
  })
})

describe('watches', () => {
  const owned = (uid: string, name: string, apiVersion = 'apps/v1'): ConfigMap['metadata'] => ({
    namespace: 'ns',
    name: 'owned',
    ownerReferences: [{ apiVersion, kind: 'ReplicaSet', name, uid, controller: true }],
  })

  test('watchOwned() names the owner, and both owners when it changes', async () => {
    const r = rig()
    const seen: string[] = []
    const watches = [watchOwned(configmaps, replicasets)]
    const stop = await r.run(noting(seen, { watches }))
    const created = await r.client.create(configmaps, { metadata: owned('1', 'first') })
    await r.clock.advance(0)
    await r.client.update(configmaps, {
      ...created,
      metadata: { ...created.metadata, ownerReferences: owned('2', 'second').ownerReferences ?? [] },
    })
    await r.clock.advance(0)
    await r.create('orphan')
    await r.clock.advance(0)
    expect(seen).toEqual(['ns/first', 'ns/second', 'ns/first'])
    await stop()
  })

  test('ownerKey() compares kind and group, not version', () => {
    const key = (apiVersion: string): string | undefined =>
      ownerKey({ metadata: owned('1', 'rs', apiVersion) }, replicasets)
    expect([key('apps/v1beta1'), key('extensions/v1'), key('v1')]).toEqual(['ns/rs', undefined, undefined])
    expect(ownerKey({ metadata: owned('1', 'rs') }, deployments)).toBeUndefined()
    expect(ownerKey({ metadata: owned('1', 'rs') }, { ...replicasets, namespaced: false })).toBe('rs')
  })

  test('watchMapped() takes any number of keys, and only changes that matter', async () => {
    const r = rig()
    const seen: string[] = []
    const keys = (object: ConfigMap): readonly string[] => Object.keys(object.data ?? {})
    const watches = [watchMapped(configmaps, keys, { when: (change) => change.type !== 'deleted' })]
    const stop = await r.run(noting(seen, { watches }))
    await r.create('a', { x: '1', y: '2' })
    await r.clock.advance(0)
    await r.client.delete(configmaps, { namespace: 'ns', name: 'a' })
    await r.clock.advance(0)
    expect(seen).toEqual(['x', 'y'])
    await stop()
  })
})

describe('registration', () => {
  const descriptor = (name: string, more: Partial<ControllerDescriptor> = {}): ControllerDescriptor => ({
    name,
    create: () => ({ reconcile: async () => {} }),
    ...more,
  })
  const exclusive = { resource: deployments, ownership: 'exclusive' } as const
  const shared = { resource: deployments, ownership: 'shared' } as const

  test('checkControllers() refuses two writers of what one has to itself', () => {
    const a = descriptor('a', { outputs: [exclusive] })
    expect(() => checkControllers([a, descriptor('b', { outputs: [exclusive] })])).toThrow(
      'apps/v1 deployments is written by a alone, but also by b',
    )
    expect(() => checkControllers([descriptor('b', { outputs: [shared] }), a])).toThrow(
      'apps/v1 deployments is written by a alone, but also by b',
    )
    checkControllers([
      a,
      descriptor('b', { outputs: [{ ...exclusive, subresource: 'status' }] }),
      descriptor('c', { outputs: [{ resource: pods, ownership: 'shared' }] }),
      descriptor('d', { outputs: [{ resource: pods, ownership: 'shared' }] }),
    ])
  })

  test('checkControllers() refuses names and aliases that are taken', () => {
    const twice = [descriptor('a', { aliases: ['x'] }), descriptor('b', { aliases: ['x'] }), descriptor('a')]
    expect(() => checkControllers(twice)).toThrow('"x" names both a and b; "a" names both a and a')
  })

  test('selectControllers() reads stars, names, aliases and minus signs', () => {
    const all = [descriptor('a'), descriptor('b', { aliases: ['bee'] }), descriptor('c', { defaultOn: false })]
    const names = (...selection: readonly string[]): string[] =>
      selectControllers(all, selection).map(({ name }) => name)
    expect(names('*')).toEqual(['a', 'b'])
    expect(names('*', 'c', '-bee')).toEqual(['a', 'c'])
    expect(names('bee')).toEqual(['b'])
    expect(names('-a', 'a', '*')).toEqual(['b'])
    expect(() => names('x')).toThrow('"x" is not in the list of known controllers')
  })
})
