import { expect, test } from 'vitest'
import { createLogger } from '#base'
import type { Manifest } from './seams/manifests.ts'
import { TestNode, type TestNodeOptions } from './testing/node.ts'

const file = '/manifests/web.yaml'

const manifest = (spec: object = {}): Manifest => ({
  object: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web' },
    spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'app', image: 'app:1' }], ...spec },
  },
})

/** A node without an API, with one manifest. */
async function start(first: Manifest, options: TestNodeOptions = {}, former?: TestNode) {
  const files = new Map([[file, first]])
  const said: string[] = []
  const node = new TestNode(
    {
      isStandalone: true,
      config: { staticPodPath: '/manifests' },
      manifests: { read: () => Promise.resolve(new Map(files)) },
      log: createLogger('debug', (level, message, { type, reason, object }) => {
        if (reason !== undefined) said.push([message, type, reason, object].join(' '))
        else if (level !== 'debug') said.push(message)
      }),
      // Events go where they go without an API.
      kubelet: Object.fromEntries([['recorder', undefined]]),
      ...options,
    },
    former,
  )
  await node.settle()
  await node.clock.advance(2000)
  const status = () => {
    const [pod] = node.kubelet.workers.pods()
    return pod && node.kubelet.parts.statuses.get(pod.metadata.uid ?? '')
  }
  return { node, files, said, status }
}

test('an agent without an API runs the pods of its manifests, and tells the log alone', async () => {
  const { node, files, said, status } = await start(manifest())
  await node.kubelet.registered
  expect(status()).toMatchObject({
    phase: 'Running',
    containerStatuses: [{ name: 'app', ready: true, restartCount: 0 }],
  })
  const [pod] = node.kubelet.workers.pods()
  expect(pod?.metadata).toMatchObject({ name: 'web-node-1', namespace: 'default' })
  expect(said).toContain('Event occurred Normal Started default/web-node-1')
  files.clear()
  for (let i = 0; i < 30; i++) await node.clock.advance(1000)
  expect(node.kubelet.workers.pods()).toEqual([])
  expect(await node.runtime.listPodSandboxes()).toEqual([])
  // Nothing of what an API would be asked for was tried.
  expect(said.filter((sentence) => !sentence.startsWith('Event occurred'))).toEqual([])
  expect(node.api.writes).toEqual([])
  await node.stop()
})

test('containers are probed and restarted without an API', async () => {
  const containers = [
    { name: 'app', image: 'app:1', readinessProbe: { exec: { command: ['true'] }, periodSeconds: 1 } },
  ]
  const runtime = { behaviour: () => ({ container: () => ({ runsForMs: 30_000, exitCode: 1 }) }) }
  const { node, status } = await start(manifest({ containers }), { runtime })
  const container = () => status()?.containerStatuses?.[0]
  for (let i = 0; i < 5; i++) await node.clock.advance(1000)
  expect(container()).toMatchObject({ ready: true, restartCount: 0 })
  for (let i = 0; i < 50; i++) await node.clock.advance(1000)
  expect(container()).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 1 } } })
  await node.stop()
})

test('the next agent without an API takes up what runs, and ends what no manifest asks for', async () => {
  const first = await start(manifest())
  const [container] = await first.node.runtime.listContainers()
  await first.node.stop()
  const second = await start(manifest(), {}, first.node)
  for (let i = 0; i < 30; i++) await second.node.clock.advance(1000)
  expect((await second.node.runtime.listContainers()).map(({ id }) => id)).toEqual([container?.id])
  await second.node.stop()
  const third = await start({ error: 'none' }, {}, second.node)
  for (let i = 0; i < 30; i++) await third.node.clock.advance(1000)
  expect(await third.node.runtime.listPodSandboxes()).toEqual([])
  await third.node.stop()
})

test('classes of runtimes are passed over without an API', async () => {
  const { node, status } = await start(manifest({ runtimeClassName: 'gvisor' }))
  expect(status()?.phase).toBe('Running')
  await node.stop()
})
