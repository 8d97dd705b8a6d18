import { expect, test } from 'vitest'
import type { Pod } from '#api/core/v1'
import { silentLogger, VirtualClock } from '#base'
import { VolumeMetrics } from '../metrics/volume-metrics.ts'
import { simulatedHost } from '../simulated/host.ts'
import { VolumeManager } from './manager.ts'
import type { VolumePlugin, VolumeSources } from './plugin.ts'

const pod: Pod = {
  metadata: { namespace: 'ns', name: 'p', uid: 'u1' },
  spec: {
    containers: [{ name: 'app', volumeMounts: [{ name: 'settings', mountPath: '/settings' }] }],
    volumes: [{ name: 'settings', configMap: { name: 'settings' } }],
  },
}

/** A volume that shows `content` as it is when set-up begins, a moment later. */
function rig(kind: Pick<VolumePlugin, 'follows'> = { follows: true }) {
  const clock = new VirtualClock()
  const world = { content: '1', shown: '' }
  const plugin: VolumePlugin = {
    name: 'test/slow',
    ...kind,
    supports: () => true,
    async setUp({ path }) {
      const { content } = world
      await new Promise<void>((resolve) => void clock.timer(10, resolve))
      world.shown = content
      return { path, readOnly: true, selinuxRelabel: false }
    },
  }
  const manager = new VolumeManager({
    metrics: new VolumeMetrics(clock),
    plugins: [plugin],
    files: simulatedHost({ nodeName: 'n', addresses: ['192.168.0.1'] }).volumes,
    sources: {} as VolumeSources,
    clock,
    log: silentLogger,
    allocatable: () => ({}),
    podFolder: (uid) => `/pods/${uid}`,
    record: () => {},
  })
  return { clock, world, manager }
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
