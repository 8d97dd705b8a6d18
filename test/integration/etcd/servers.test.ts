import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defer, silentLogger, systemClock } from '#base'
import { configmaps, endpoints } from '#api/core/v1'
import { createClient } from '#client'
import type { Client } from '#client'
import { createHttpTransport } from '#client/http'
import { runApiServer } from '#cluster'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Etcd, withoutEtcd } from './etcd.ts'

if (withoutEtcd !== undefined) console.warn(`servers of one etcd: skipped, ${withoutEtcd}`)

interface Server {
  readonly client: Client
  stop(): Promise<void>
}

describe.skipIf(withoutEtcd !== undefined)('API servers of one etcd', () => {
  let etcd: Etcd
  let folder: string

  beforeEach(async () => {
    etcd = await Etcd.start()
    folder = await mkdtemp(join(tmpdir(), 'k8ts-servers-'))
    await writeFile(join(folder, 'tokens.csv'), 'secret,admin,1,"system:masters"\n')
  })
  afterEach(async () => {
    await etcd.remove()
    await rm(folder, { recursive: true })
  })

  async function start(advertiseAddress: string): Promise<Server> {
    const stop = new AbortController()
    const serving = defer<string>()
    const running = runApiServer(
      {
        dataDir: join(folder, advertiseAddress),
        store: 'lmdb',
        etcd: { endpoints: [etcd.endpoint], prefix: '/registry' },
        bindAddress: '127.0.0.1',
        port: 0,
        advertiseAddress,
        authentication: {},
        tokenFile: join(folder, 'tokens.csv'),
        serviceBlocks: ['10.0.0.0/24'],
        nodePorts: { first: 30_000, last: 32_767 },
        authorization: { modes: ['RBAC'] },
        admission: { enable: [], disable: [] },
        serviceAccounts: { issuers: [], audiences: [], keyFiles: [], extends: true },
        logLevel: 'error',
        shutdownDelayMs: 0,
      },
      stop.signal,
      serving.resolve,
    )
    running.catch(serving.reject)
    const server = await serving.promise
    const config = { server, insecureSkipVerify: true, token: 'secret' }
    const transport = createHttpTransport(config, { clock: systemClock, log: silentLogger })
    return {
      client: createClient(transport.send, { userAgent: 'test/1.0' }),
      stop: async () => {
        await transport.close()
        stop.abort()
        await running
      },
    }
  }

  const addresses = async ({ client }: Server): Promise<readonly string[]> => {
    const { subsets } = await client.get(endpoints, { namespace: 'default', name: 'kubernetes' })
    return (subsets ?? []).flatMap((subset) => (subset.addresses ?? []).map(({ ip }) => ip))
  }
  const isAt = async (server: Server, wanted: readonly string[]): Promise<void> => {
    await expect.poll(() => addresses(server), { timeout: 30_000, interval: 100 }).toEqual(wanted)
  }

  test('what one writes the other shows at once, and writers at both never lose a change', async () => {
    const [one, two] = await Promise.all([start('192.0.2.1'), start('192.0.2.2')])
    const place = { namespace: 'default', name: 'n' }
    await one.client.create(configmaps, { metadata: place, data: { n: '0' } })
    expect((await two.client.get(configmaps, place)).data).toEqual({ n: '0' })
    const increment = async ({ client }: Server): Promise<void> => {
      for (;;) {
        const map = await client.get(configmaps, place)
        try {
          await client.update(configmaps, { ...map, data: { n: String(Number(map.data?.['n']) + 1) } })
          return
        } catch (error) {
          expect(String(error)).toContain('the object has been modified')
        }
      }
    }
    for (let i = 0; i < 10; i++) await Promise.all([increment(one), increment(two)])
    expect((await one.client.get(configmaps, place)).data).toEqual({ n: '20' })
    await Promise.all([one.stop(), two.stop()])
  })

  test('the service of the API server leads to all of them, and no more to one that went', async () => {
    const one = await start('192.0.2.1')
    const two = await start('192.0.2.2')
    await isAt(one, ['192.0.2.1', '192.0.2.2'])
    await two.stop()
    await isAt(one, ['192.0.2.1'])
    await one.stop()
  })

  test('a server that starts again finds what was written', async () => {
    const first = await start('192.0.2.1')
    await first.client.create(configmaps, { metadata: { namespace: 'default', name: 'kept' } })
    await first.stop()
    const second = await start('192.0.2.1')
    expect((await second.client.get(configmaps, { namespace: 'default', name: 'kept' })).metadata.name).toBe('kept')
    await second.stop()
  })
})
