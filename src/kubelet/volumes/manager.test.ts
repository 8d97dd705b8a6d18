import { expect, test } from 'vitest'
import type { Pod } from '#api/core/v1'
import { silentLogger, VirtualClock } from '#base'
import { VolumeMetrics } from '../metrics/volume-metrics.ts'
import { simulatedHost } from '../simulated/host.ts'
import { VolumeManager } from './manager.ts'
import { emptyDirPlugin } from './emptydir/plugin.ts'
import { persistentVolumePlugin } from './persistent/plugin.ts'
import type { VolumePlugin, VolumeSources } from './plugin.ts'

const pod: Pod = {
  metadata: { namespace: 'ns', name: 'p', uid: 'u1' },
  spec: {
    containers: [{ name: 'app', volumeMounts: [{ name: 'settings', mountPath: '/settings' }] }],
    volumes: [{ name: 'settings', configMap: { name: 'settings' } }],
  },
}

/** A volume that shows `content` as it is when set-up begins, a moment later. */
function rig(kind: Partial<VolumePlugin> = { follows: true }) {
  const clock = new VirtualClock()
  const world = { content: '1', shown: '' }
  const events: string[] = []
  const plugin: VolumePlugin = {
    name: 'test/slow',
    supports: () => true,
    async setUp({ path }) {
      const { content } = world
      await new Promise<void>((resolve) => void clock.timer(10, resolve))
      world.shown = content
      return { path, readOnly: true, selinuxRelabel: false }
    },
    ...kind,
  }
  const manager = new VolumeManager({
    metrics: new VolumeMetrics(clock),
    plugins: [plugin],
    files: simulatedHost({ nodeName: 'n', addresses: ['192.168.0.1'] }).volumes,
    sources: { claim: () => Promise.reject(new Error('it is not found')) } as Partial<VolumeSources> as VolumeSources,
    clock,
    log: silentLogger,
    allocatable: () => ({}),
    podFolder: (uid) => `/pods/${uid}`,
    record: (_, type, reason, message) => events.push(`${type} ${reason} ${message}`),
  })
  return { clock, world, manager, events }
}

test('a change that comes while a volume is set up is shown by the next set-up', async () => {
  const { clock, world, manager } = rig()
  const mounting = manager.mount(pod, new AbortController().signal)
  await clock.advance(5)
  world.content = '2'
  manager.refresh(pod)
  world.content = '3'
  manager.refresh(pod)
  await clock.advance(5)
  await mounting
  expect(world.shown).toBe('1')
  await clock.advance(10)
  expect(world.shown).toBe('3')
})

test('a volume that shows nothing of the API is left alone when something there changes', async () => {
  const { clock, world, manager } = rig({})
  const mounting = manager.mount(pod, new AbortController().signal)
  await clock.advance(10)
  await mounting
  world.content = '2'
  manager.refresh(pod)
  await clock.advance(20)
  expect(world.shown).toBe('1')
})

test('a claim that leads to no volume is told by the pod that waits for it, and set up fails for none', async () => {
  const { clock, manager, events } = rig(persistentVolumePlugin)
  const claimed = {
    ...pod,
    spec: { ...pod.spec, volumes: [{ name: 'settings', persistentVolumeClaim: { claimName: 'c' } }] },
  }
  const reason =
    'unmounted volumes=[settings], unattached volumes=[], failed to process volumes=[settings]: ' +
    'error processing PVC ns/c: failed to fetch PVC from API server: it is not found'
  await expect(manager.mount(claimed, new AbortController().signal)).rejects.toThrow(reason)
  const again = manager.mount(claimed, new AbortController().signal)
  again.catch(() => undefined)
  await clock.advance(500)
  await expect(again).rejects.toThrow(reason)
  expect(events).toEqual([])
})

test('a volume of huge pages wants pages that the pod requests', async () => {
  const mounted: (string | undefined)[] = []
  const { files } = { files: simulatedHost({ nodeName: 'n', addresses: ['192.168.0.1'] }).volumes }
  const setUp = (medium: string, ...sizes: string[]) =>
    emptyDirPlugin.setUp({
      pod: {
        ...pod,
        spec: {
          containers: sizes.map((size) => ({ name: size, resources: { requests: { [`hugepages-${size}`]: '1Gi' } } })),
        },
      },
      volume: { name: 'v', emptyDir: { medium } },
      path: '/pods/u1/v',
      files: { ...files, mountMemory: (_, __, size) => Promise.resolve(mounted.push(size) > 0) },
      sources: {} as VolumeSources,
      allocatable: {},
      ownership: () => undefined,
    })
  await setUp('HugePages', '1Gi', '1Gi')
  await setUp('HugePages-2Mi', '1Gi', '2Mi')
  expect(mounted).toEqual(['1Gi', '2Mi'])
  const none = ': hugePages storage requested, but there is no resource request for huge pages'
  await expect(setUp('HugePages')).rejects.toThrow(`medium HugePages${none}`)
  await expect(setUp('HugePages-2Mi', '1Gi')).rejects.toThrow(`medium HugePages-2Mi${none}`)
  await expect(setUp('HugePages', '1Gi', '2Mi')).rejects.toThrow(
    "medium: HugePages can't be used if container requests multiple huge page sizes",
  )
})
