import { expect, test } from 'vitest'
import { defer, VirtualClock } from '#base'
import { podLabels } from '../sandbox/config.ts'
import { RuntimeCache } from './cache.ts'
import type { ContainerStatus } from './records.ts'
import type { ContainerRuntime } from './runtime.ts'

const noFiles = { readTerminationLog: () => Promise.resolve(undefined), readLogTail: () => Promise.resolve('') }

test('relist() keeps a container that came while the runtime was answering', async () => {
  const answer = defer<void>()
  const runtime = {
    listPodSandboxes: () => Promise.resolve([]),
    listContainers: () => answer.promise.then(() => []),
  } as unknown as ContainerRuntime
  const cache = new RuntimeCache({ runtime, files: noFiles, clock: new VirtualClock() })
  const status = {
    id: 'c1',
    state: 'running',
    metadata: { name: 'app', attempt: 0 },
    image: { image: 'app:1' },
    labels: { [podLabels.podUid]: 'u1', [podLabels.podName]: 'web', [podLabels.podNamespace]: 'default' },
    annotations: {},
    mounts: [],
  } as unknown as ContainerStatus
  const listed = cache.relist()
  await cache.putContainer(status, 's1')
  answer.resolve()
  expect([...(await listed)]).toEqual([])
  expect(cache.get('u1')?.containers.map(({ id }) => id)).toEqual(['c1'])
  expect([...(await cache.relist())]).toEqual(['u1'])
  expect(cache.get('u1')).toBeUndefined()
})
