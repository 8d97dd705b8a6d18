import { expect, test } from 'vitest'
import { createLogger } from '#base'
import { pods } from '#api/core/v1'
import { TestNode } from '../testing/node.ts'
import type { ManifestAnswer, ManifestHeaders, Manifests } from '../seams/manifests.ts'

const url = 'http://pods.example/manifest'

const pod = (name: string, image: string, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...more },
  spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'app', image }] },
})

const listOf = (...items: readonly object[]): object => ({ apiVersion: 'v1', kind: 'PodList', items })

/** What a URL answers: an object, an answer as it is, or a failure. */
type Answer = { readonly object: object } | ManifestAnswer | { readonly failure: string }

const serves =
  (answer: () => Answer, asked: ManifestHeaders[] = []): Manifests['get'] =>
  (_, headers) => {
    asked.push(headers)
    const now = answer()
    if ('failure' in now) return Promise.reject(new Error(now.failure))
    return Promise.resolve('object' in now ? { status: '200 OK', text: JSON.stringify(now.object) } : now)
  }

const parse: Manifests['parse'] = (text) => {
  try {
    return { object: JSON.parse(text) as unknown }
  } catch {
    return { error: 'no JSON' }
  }
}

async function rig(first: Answer, { config, manifests }: { config?: object; manifests?: Partial<Manifests> } = {}) {
  let answer = first
  const asked: ManifestHeaders[] = []
  const said: string[] = []
  const node = new TestNode({
    config: { staticPodURL: url, staticPodURLHeader: { token: ['a', 'b'] }, ...config },
    log: createLogger('debug', (level, message, { err }) => {
      if (message.includes('pods from URL')) said.push([level, message, err].filter(Boolean).join(': '))
    }),
    manifests: { get: serves(() => answer, asked), parse, ...manifests },
  })
  const turn = async (next: Answer): Promise<void> => {
    answer = next
    await node.clock.advance(20_000)
    for (let i = 0; i < 10; i++) {
      await node.clock.advance(200)
      await node.settle()
    }
  }
  await node.settle()
  await node.clock.advance(2000)
  const images = async (): Promise<readonly string[]> =>
    (await node.runtime.listContainers())
      .filter(({ state }) => state === 'running')
      .map(({ image }) => image.image)
      .sort()
  return { node, asked, said, turn, images }
}

test('a URL has one pod, which is marked as its own, or a list of them', async () => {
  const { node, asked, turn, images } = await rig({ object: pod('web', 'app:1') })
  expect(await images()).toEqual(['app:1'])
  expect(asked).toEqual([{ token: ['a', 'b'] }])
  const mirror = node.api.peek(pods, { namespace: 'default', name: 'web-node-1' })
  expect(mirror?.metadata.annotations).toMatchObject({ 'kubernetes.io/config.source': 'http' })
  expect(mirror?.metadata.annotations?.['kubernetes.io/config.hash']).toMatch(/^[\da-f]{32}$/)
  expect(mirror?.spec.tolerations).toBeUndefined()
  const [container] = await node.runtime.listContainers()
  await turn({ object: listOf(pod('other', 'other:1', { namespace: 'kube-system' }), pod('web', 'app:1')) })
  expect(await images()).toEqual(['app:1', 'other:1'])
  expect((await node.runtime.listContainers()).map(({ id }) => id)).toContain(container?.id)
  await turn({ object: listOf(pod('other', 'other:1', { namespace: 'kube-system' })) })
  expect(await images()).toEqual(['other:1'])
  await turn({ status: '200 OK', text: '' })
  expect(await images()).toEqual([])
  await node.stop()
})

test('a pod of a URL is the same one on every node but for its name', async () => {
  const uidOn = async (nodeName: string): Promise<string | undefined> => {
    const node = new TestNode({
      config: { staticPodURL: url },
      kubelet: { nodeName },
      manifests: { get: serves(() => ({ object: pod('web', 'app:1') })), parse },
    })
    await node.settle()
    const [held] = node.kubelet.workers.pods()
    await node.stop()
    expect(held?.metadata.name).toBe(`web-${nodeName}`)
    return held?.metadata.uid
  }
  expect(await uidOn('node-1')).toBe(await uidOn('node-2'))
})

test('failures leave the pods as they are, and are told of four times', async () => {
  const { node, said, turn, images } = await rig({ object: pod('web', 'app:1') })
  await turn({ failure: 'Get "http://pods.example/manifest": EOF' })
  await turn({ status: '404 Not Found', text: 'no' })
  await turn({ status: '200 OK', text: '{' })
  await turn({ failure: 'Get: EOF' })
  await turn({ failure: 'Get: EOF' })
  expect(await images()).toEqual(['app:1'])
  const failed = 'Failed to read pods from URL'
  expect(said).toEqual([
    `info: ${failed}: Get "http://pods.example/manifest": EOF`,
    `info: ${failed}: http://pods.example/manifest: 404 Not Found`,
    `info: ${failed}: http://pods.example/manifest: received '{', but couldn't parse as single (no JSON) or multiple pods (no JSON)`,
    `info: ${failed}. Dropping verbosity of this message to V(4): Get: EOF`,
    `debug: ${failed}: Get: EOF`,
  ])
  said.length = 0
  await turn({ object: listOf(pod('web', 'app:1'), pod('', 'app:2')) })
  expect(said).toEqual([`debug: ${failed}: invalid pod: name is needed for the pod`])
  expect(await images()).toEqual(['app:1'])
  said.length = 0
  await turn({ object: pod('web', 'app:3') })
  expect(said).toEqual(['info: Successfully read pods from URL'])
  expect(await images()).toEqual(['app:3'])
  await node.stop()
})

test('who wants the name of a pod of another source waits until that has ended', async () => {
  const file = { object: pod('web', 'file:1') }
  const files = new Map([['/manifests/web.yaml', file]])
  const read = (): Promise<typeof files> => Promise.resolve(new Map(files))
  const { node, turn, images } = await rig(
    { object: pod('web', 'url:1') },
    { config: { staticPodPath: '/manifests' }, manifests: { read, watch: () => () => {} } },
  )
  expect(await images()).toEqual(['file:1'])
  files.clear()
  await turn({ object: pod('web', 'url:1') })
  expect(await images()).toEqual(['url:1'])
  files.set('/manifests/web.yaml', file)
  await turn({ object: pod('web', 'url:1') })
  expect(await images()).toEqual(['url:1'])
  await node.stop()
})

test('what runs of a URL goes on under the next agent, before the URL answers and after', async () => {
  const { node, images } = await rig({ object: pod('web', 'app:1') })
  await node.stop()
  let answer: Answer = { failure: 'EOF' }
  const next = new TestNode({ config: { staticPodURL: url }, manifests: { get: serves(() => answer), parse } }, node)
  await next.clock.advance(120_000)
  await next.settle()
  const mirror = (): unknown => next.api.peek(pods, { namespace: 'default', name: 'web-node-1' })
  expect(await images()).toEqual(['app:1'])
  expect(mirror()).toBeDefined()
  answer = { status: '200 OK', text: '' }
  await next.clock.advance(60_000)
  for (let i = 0; i < 10; i++) await next.clock.advance(1000)
  expect(await images()).toEqual([])
  expect(mirror()).toBeUndefined()
  await next.stop()
})
