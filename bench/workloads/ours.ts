import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setMaxListeners } from 'node:events'
import { silentLogger, systemClock } from '#base'
import { assembleApiServer, createDiscovery, registrations } from '#apiserver'
import { createClient, createInformerFactory } from '#client'
import type { UserInfo } from '#client'
import { createScheduler } from '#scheduler'
import { createMemoryStore } from '#store'
import { openLmdbStore } from '#store/lmdb'
import type { Target } from './target.ts'

const user: UserInfo = { name: 'system:kube-scheduler', groups: ['system:masters', 'system:authenticated'] }

/** API server and scheduler in this process, as `k8ts up` has them. @param durable keeps objects on disk. */
export async function startOurs(durable: boolean): Promise<Target> {
  const clock = systemClock
  const logger = silentLogger
  const directory = durable ? await mkdtemp(join(tmpdir(), 'k8ts-bench-')) : ''
  const store = durable ? await openLmdbStore({ directory, clock, logger }) : createMemoryStore({ clock })
  const server = assembleApiServer({
    store,
    clock,
    logger,
    registrations,
    authentication: () => ({ authenticator: { authenticate: () => ({ user }) }, audiences: [] }),
    authorizer: () => ({
      authorize: () => ({ verdict: 'allow', reason: '' }),
      rulesFor: () => ({ resourceRules: [], nonResourceRules: [], incomplete: false }),
    }),
    admission: () => [],
    nonResource: () => createDiscovery({ serverAddress: () => '127.0.0.1:6443' }),
    freeze: false,
  })
  const client = createClient(server.handle, { userAgent: 'bench/1.0', user })
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  const running: Promise<void>[] = []
  return {
    client,
    async startScheduler() {
      const informers = createInformerFactory(client, { clock, log: logger, streamingList: false })
      const scheduler = createScheduler({ client, clock, log: logger, informers, host: 'bench' })
      running.push(informers.start(controller.signal), scheduler.start(controller.signal))
    },
    async stop() {
      controller.abort()
      await Promise.all(running)
      await server.close()
      await store.close()
      if (durable) await rm(directory, { recursive: true, force: true })
    },
    cost() {
      const { user, system } = process.cpuUsage()
      return { total: (user + system) / 1000 }
    },
  }
}
