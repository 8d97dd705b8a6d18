import { expect, test } from 'vitest'
import { pods } from '#api/core/v1'
import type { ContainerConfig, PodSandboxConfig } from '../runtime/records.ts'
import { simulatedHost } from '../simulated/host.ts'
import { TestNode, type TestNodeOptions } from '../testing/node.ts'
import { UserRanges } from './ranges.ts'

interface Made {
  readonly node: TestNode
  readonly sandboxes: PodSandboxConfig[]
  readonly containers: ContainerConfig[]
}

/** A node, and what its runtime is told to make. */
function startNode(options: TestNodeOptions = {}): Made {
  const node = new TestNode(options)
  const [sandboxes, containers]: [PodSandboxConfig[], ContainerConfig[]] = [[], []]
  const { runtime } = node
  const run = runtime.runPodSandbox.bind(runtime)
  const create = runtime.createContainer.bind(runtime)
  runtime.runPodSandbox = (config) => {
    sandboxes.push(config)
    return run(config)
  }
  runtime.createContainer = (sandboxId, config) => {
    containers.push(config)
    return create(sandboxId, config)
  }
  return { node, sandboxes, containers }
}

const own = { hostUsers: false }
const users = ({ linux }: PodSandboxConfig | ContainerConfig): unknown =>
  linux.securityContext.namespaceOptions?.usernsOptions

test('pods with users of their own have ids that nobody else has, in all of their containers and mounts', async () => {
  const { node, sandboxes, containers } = startNode()
  await node.run('shared', {})
  await node.run('first', own)
  await node.run('second', own)
  const range = (hostId: number): object => ({ hostId, containerId: 0, length: 65_536 })
  const namespace = (hostId: number): object => ({ mode: 'pod', uids: [range(hostId)], gids: [range(hostId)] })
  expect(sandboxes.map(users)).toEqual([undefined, namespace(65_536), namespace(131_072)])
  expect(containers.map(users)).toEqual([undefined, namespace(65_536), namespace(131_072)])
  const { mounts = [] } = containers[1] ?? {}
  expect(mounts.length).toBeGreaterThan(0)
  for (const { uidMappings, gidMappings } of mounts) {
    expect([uidMappings, gidMappings]).toEqual([[range(65_536)], [range(65_536)]])
  }
  await node.stop()
})

test('a pod that a runtime can not give users of its own does not start with the node’s', async () => {
  const { node, sandboxes } = startNode({ runtime: { handlers: [] } })
  const pod = await node.run('pod', own)
  expect(pod.status?.phase).toBe('Pending')
  expect(sandboxes).toEqual([])
  const why = "can't set `spec.hostUsers: false`, runtime does not support user namespaces"
  expect(node.events).toContain(`Warning FailedCreatePodSandBox Failed to create pod sandbox: ${why}`)
  await node.api.delete(pods, { namespace: 'default', name: 'pod' })
  await node.stop()
})

test('the next agent finds whose ids are whose, and those of pods that are gone are free', async () => {
  const folders = new Set(['a', 'b'])
  const files = { podsWithFolders: () => Promise.resolve([...folders]) }
  const { checkpoints } = simulatedHost({ nodeName: 'node', addresses: [] })
  const ranges = (): UserRanges => new UserRanges({ files, checkpoints, idsPerPod: 65_536, isSupported: () => true })
  const firstOf = async (one: UserRanges, uid: string): Promise<number | undefined> =>
    (await one.of({ metadata: { uid }, spec: { containers: [], ...own } }, ''))?.uids?.[0]?.hostId
  const before = ranges()
  expect(await Promise.all([firstOf(before, 'a'), firstOf(before, 'b')])).toEqual([65_536, 131_072])
  expect(JSON.parse((await checkpoints.read('pods/b/userns')) ?? '')).toEqual({
    uidMappings: [{ hostId: 131_072, containerId: 0, length: 65_536 }],
    gidMappings: [{ hostId: 131_072, containerId: 0, length: 65_536 }],
  })
  const after = ranges()
  folders.add('c')
  expect(await firstOf(after, 'c')).toBe(196_608)
  expect(await firstOf(after, 'b')).toBe(131_072)
  folders.delete('a')
  after.release('a')
  folders.add('d')
  expect(await firstOf(after, 'd')).toBe(65_536)
})
