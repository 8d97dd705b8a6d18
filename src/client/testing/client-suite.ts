import { describe, expect, test } from 'vitest'
import { configmaps, nodes } from '#api/core/v1'
import type { ConfigMap, Node } from '#api/core/v1'
import { isAlreadyExists, isConflict, isNotFound } from '#machinery'
import type { Client, WatchEvent } from '../client.ts'
import { listAll, listPages } from '../pager.ts'

export interface OpenClient {
  readonly client: Client
  /** A namespace that exists and holds nothing the tests would meet. */
  readonly namespace: string
  close(): Promise<void>
}

/** What every Client promises, over whatever transport. */
export function describeClient(name: string, open: () => Promise<OpenClient>): void {
  describe(`Client over ${name}`, () => {
    const configmap = (namespace: string, name: string, data: { readonly [key: string]: string } = {}): ConfigMap => ({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { namespace, name, labels: { suite: 'client' } },
      data,
    })

    const using = async (run: (client: Client, namespace: string) => Promise<void>): Promise<void> => {
      const opened = await open()
      try {
        await run(opened.client, opened.namespace)
      } finally {
        await opened.close()
      }
    }

    test('create() resolves with the object as stored, get() with the same', () =>
      using(async (client, namespace) => {
        const created = await client.create(configmaps, configmap(namespace, 'a', { key: 'value' }))
        expect(created).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'a', namespace }, data: { key: 'value' } })
        expect(created.metadata.resourceVersion).toMatch(/^\d+$/)
        expect(await client.get(configmaps, { namespace, name: 'a' })).toEqual(created)
      }))

    test('cluster-scoped objects are reached by name alone', () =>
      using(async (client) => {
        const node: Node = { kind: 'Node', apiVersion: 'v1', metadata: { name: 'client-suite' }, spec: {}, status: {} }
        await client.create(nodes, node)
        expect((await client.get(nodes, { name: 'client-suite' })).metadata.name).toBe('client-suite')
      }))

    test('refusals are StatusErrors that say what was refused', () =>
      using(async (client, namespace) => {
        await client.create(configmaps, configmap(namespace, 'a'))
        const again = await client.create(configmaps, configmap(namespace, 'a')).catch((error: unknown) => error)
        expect(isAlreadyExists(again)).toBe(true)
        const missing = await client.get(configmaps, { namespace, name: 'b' }).catch((error: unknown) => error)
        expect(isNotFound(missing)).toBe(true)
        expect(String(missing)).toContain('configmaps "b" not found')
      }))

    test('update() of an old revision is a conflict', () =>
      using(async (client, namespace) => {
        const first = await client.create(configmaps, configmap(namespace, 'a'))
        const second = await client.update(configmaps, { ...first, data: { turn: '2' } })
        expect(second.data).toEqual({ turn: '2' })
        const stale = await client.update(configmaps, { ...first, data: { turn: '3' } }).catch((e: unknown) => e)
        expect(isConflict(stale)).toBe(true)
      }))

    test('patch() merges, and null removes', () =>
      using(async (client, namespace) => {
        await client.create(configmaps, configmap(namespace, 'a', { keep: '1', drop: '2' }))
        const patched = await client.patch(
          configmaps,
          { namespace, name: 'a' },
          { type: 'merge', patch: { data: { drop: null, add: '3' } } },
        )
        expect(patched.data).toEqual({ keep: '1', add: '3' })
      }))

    test('list() selects by label, and listPages() by page', () =>
      using(async (client, namespace) => {
        for (const name of ['a', 'b', 'c', 'd', 'e']) await client.create(configmaps, configmap(namespace, name))
        const other = configmap(namespace, 'other')
        await client.create(configmaps, { ...other, metadata: { ...other.metadata, labels: { suite: 'none' } } })
        const options = { labelSelector: 'suite=client' }
        const names = (items: readonly ConfigMap[]): (string | undefined)[] => items.map((item) => item.metadata.name)
        const listed = await client.list(configmaps, { namespace }, options)
        expect(names(listed.items)).toEqual(['a', 'b', 'c', 'd', 'e'])

        const pages: (string | undefined)[][] = []
        for await (const page of listPages(client, configmaps, { namespace }, { ...options, limit: 2 })) {
          pages.push(names(page.items))
        }
        expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']])

        const all = await listAll(client, configmaps, { namespace }, { ...options, limit: 2 })
        expect(all.paged).toBe(true)
        expect(names(all.items)).toEqual(['a', 'b', 'c', 'd', 'e'])
        expect(all.metadata.continue).toBeUndefined()
      }))

    test('watch() tells what happens after a revision, in order', () =>
      using(async (client, namespace) => {
        const { metadata } = await client.list(configmaps, { namespace })
        const resourceVersion = metadata.resourceVersion ?? ''
        await client.create(configmaps, configmap(namespace, 'a', { turn: '1' }))
        await client.patch(configmaps, { namespace, name: 'a' }, { type: 'merge', patch: { data: { turn: '2' } } })
        await client.delete(configmaps, { namespace, name: 'a' })
        const seen: string[] = []
        for await (const event of client.watch(configmaps, { namespace }, { resourceVersion })) {
          seen.push(describeEvent(event))
          if (event.type === 'DELETED') break
        }
        expect(seen).toEqual(['ADDED a 1', 'MODIFIED a 2', 'DELETED a 2'])
      }))

    test('watch() rejects with the reason of its signal', () =>
      using(async (client, namespace) => {
        const controller = new AbortController()
        const watch = client.watch(configmaps, { namespace }, { signal: controller.signal })
        const next = watch[Symbol.asyncIterator]().next()
        controller.abort(new Error('enough'))
        await expect(next).rejects.toThrow('enough')
      }))

    test('deleteCollection() deletes what the selector names', () =>
      using(async (client, namespace) => {
        await client.create(configmaps, configmap(namespace, 'a'))
        const other = configmap(namespace, 'b')
        await client.create(configmaps, { ...other, metadata: { ...other.metadata, labels: { suite: 'none' } } })
        await client.deleteCollection(configmaps, { namespace }, { labelSelector: 'suite=client' })
        const gone = await client.get(configmaps, { namespace, name: 'a' }).catch((error: unknown) => error)
        expect(isNotFound(gone)).toBe(true)
        expect((await client.get(configmaps, { namespace, name: 'b' })).metadata.name).toBe('b')
      }))

    test('an aborted signal refuses the request', () =>
      using(async (client, namespace) => {
        const signal = AbortSignal.abort(new Error('stopped'))
        await expect(client.get(configmaps, { namespace, name: 'a' }, { signal })).rejects.toThrow('stopped')
      }))
  })
}

function describeEvent(event: WatchEvent<ConfigMap>): string {
  const data = event.type === 'BOOKMARK' ? '' : event.object.data?.['turn']
  return `${event.type} ${event.object.metadata.name} ${data}`
}
