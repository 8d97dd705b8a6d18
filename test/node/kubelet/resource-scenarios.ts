import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { nodes } from '#api/core/v1'
import { SamplePlugin } from '../../integration/kubelet/sample-plugin.ts'
import type { Rig } from './rig.ts'

const busybox = { name: 'app', image: 'busybox:1.36', command: ['sleep', '1000'] }
const amounts = (list: { readonly [resource: string]: string }) => ({ requests: list, limits: list })

/** What containers get to themselves. */
export const resourceScenarios: { readonly [sentence: string]: (rig: Rig) => Promise<void> } = {
  'a container gets the device of a plugin, with what belongs to it': async (rig) => {
    const resource = 'example.com/null'
    const plugin = new SamplePlugin({
      folder: join(rig.kubeletRoot, 'device-plugins'),
      resource,
      devices: [{ id: 'one' }],
      grant: (ids) => ({
        envs: { NULLS: ids.join(',') },
        devices: [{ containerPath: '/dev/nothing', hostPath: '/dev/null', permissions: 'rw' }],
        mounts: [{ containerPath: '/os', hostPath: '/usr/lib/os-release', readOnly: true }],
      }),
    })
    await plugin.start()
    await plugin.register()
    const allocatable = async (): Promise<string | undefined> =>
      (await rig.api.get(nodes, { name: 'node-1' })).status?.allocatable?.[resource]
    await rig.until('the node has the device', async () => (await allocatable()) === '1')
    const name = await rig.create({ containers: [{ ...busybox, resources: amounts({ [resource]: '1' }) }] })
    await rig.ready(name)
    assert.equal(
      await rig.exec(name, 'echo $NULLS; echo lost >/dev/nothing; test -c /dev/nothing && echo there'),
      'one\nthere',
    )
    assert.match(await rig.exec(name, 'cat /os'), /^NAME=|PRETTY_NAME/m)
    await plugin.stop()
    await rig.until('the device is missed', async () => (await allocatable()) === '0')
    assert.ok(rig.isReady(name))
    await rig.remove(name)
  },

  'a guaranteed pod has a CPU to itself, without a quota, and others are kept off it': async (rig) => {
    const stateFile = join(rig.kubeletRoot, 'cpu_manager_state')
    const switchTo = async (config: object): Promise<void> => {
      await rig.stopAgent()
      rmSync(stateFile)
      await rig.startAgent(config)
    }
    const cpusOf = async (name: string): Promise<string> =>
      rig.exec(name, 'grep Cpus_allowed_list /proc/self/status | cut -f2')
    const quota = 'cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null || cut -d" " -f1 /sys/fs/cgroup/cpu.max'
    await switchTo({ cpuManagerPolicy: 'static', systemReserved: { cpu: '1' } })
    const shared = await rig.ready(await rig.create({}))
    const all = await cpusOf(shared)
    const mine = await rig.ready(
      await rig.create({ containers: [{ ...busybox, resources: amounts({ cpu: '1', memory: '32Mi' }) }] }),
    )
    const own = await cpusOf(mine)
    assert.match(own, /^\d+$/)
    assert.match(await rig.exec(mine, quota), /^(-1|max)$/)
    assert.ok(!(await cpusOf(shared)).split(/[,-]/).includes(own))
    await rig.stopAgent()
    await rig.startAgent({ cpuManagerPolicy: 'static', systemReserved: { cpu: '1' } })
    assert.equal(await cpusOf(mine), own)
    await rig.remove(mine)
    await rig.until('the others are back on it', async () => (await cpusOf(shared)) === all)
    await rig.remove(shared)
    await switchTo({})
  },
}
