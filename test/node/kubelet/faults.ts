import assert from 'node:assert/strict'
import { mkdirSync, readdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { configmaps, pods } from '#api/core/v1'
import { runCommand } from '#network'
import type { Rig } from './rig.ts'

const busybox = { name: 'app', image: 'busybox:1.36' }
/** Longer takes `K8TS_OUTAGE_SECONDS=120`. */
export const outageSeconds: number = Number(process.env['K8TS_OUTAGE_SECONDS'] ?? '12')

const unnoticed = (rig: Rig, name: string): readonly unknown[] => [
  rig.containerId(name),
  rig.container(name).restartCount,
  rig.isReady(name),
]

/** Files and connections that the agent has open, and the test with it. */
const openFiles = (): number => readdirSync('/proc/self/fd').length

/** What a node has to live through, by sentence. */
export const faults: { readonly [sentence: string]: (rig: Rig) => Promise<void> } = {
  'a pod that forks without end meets its limit, and other pods do not notice': async (rig) => {
    await rig.stopAgent()
    await rig.startAgent({ podPidsLimit: 40 })
    const other = await rig.ready(await rig.create({}))
    const before = unnoticed(rig, other)
    const name = await rig.create({
      restartPolicy: 'Never',
      script: 'while true; do sleep 1000 & done',
    })
    await rig.until('it can not fork', async () =>
      (await rig.get(`/containerLogs/default/${name}/app`)).includes("can't fork"),
    )
    await rig.until('it ends', () => rig.pod(name).status?.phase === 'Failed')
    assert.equal(await rig.exec(other, 'sh -c "echo forks"'), 'forks')
    assert.deepEqual(unnoticed(rig, other), before)
    await rig.remove(name)
    await rig.remove(other)
    await rig.until('nothing is left', async () => (await rig.leftovers()).length === 0)
    await rig.stopAgent()
    await rig.startAgent()
  },

  'probes and hooks that hang are given up, and hold up no other pod': async (rig) => {
    const hang = { exec: { command: ['sh', '-c', 'trap "" TERM; sleep 4321'] } }
    const probe = { ...hang, timeoutSeconds: 1, periodSeconds: 1, failureThreshold: 1 }
    const unready = await rig.create({
      containers: [{ ...busybox, command: ['sleep', '1000'], readinessProbe: probe }],
    })
    const unwell = await rig.create({ containers: [{ ...busybox, command: ['sleep', '1000'], livenessProbe: probe }] })
    const hooked = await rig.create({
      terminationGracePeriodSeconds: 2,
      containers: [{ ...busybox, command: ['sleep', '1000'], lifecycle: { preStop: hang } }],
    })
    const well = await rig.create({
      containers: [{ ...busybox, command: ['sleep', '1000'], readinessProbe: { exec: { command: ['true'] } } }],
    })
    await rig.ready(well)
    await rig.ready(hooked)
    await rig.until('it starts again', () => rig.container(unwell).restartCount >= 1)
    assert.equal(rig.isReady(unready), false)
    assert.equal(rig.container(unready).restartCount, 0)
    assert.ok((await rig.events()).some((event) => /^Unhealthy: .*timed out after 1s/.test(event)))
    for (const name of [hooked, unready, unwell, well]) await rig.remove(name)
    await rig.until('nothing is left', async () => (await rig.leftovers()).length === 0)
    const left = await runCommand(['sh', '-c', 'pgrep -f "[s]leep 4321" || true'])
    assert.equal(left, '')
  },

  'pods live on while the API is gone, and it hears of all that happened when it is back': async (rig) => {
    const steady = await rig.ready(await rig.create({}))
    const before = unnoticed(rig, steady)
    const crashing = await rig.ready(
      await rig.create({ script: 'while [ ! -e /tmp/end ]; do sleep 0.1; done; exit 7' }),
    )
    const ending = await rig.ready(
      await rig.create({ restartPolicy: 'Never', script: 'while [ ! -e /tmp/end ]; do sleep 0.1; done' }),
    )
    const livenessProbe = { exec: { command: ['test', '!', '-e', '/tmp/end'] }, periodSeconds: 1, timeoutSeconds: 30 }
    const unwell = await rig.ready(
      await rig.create({ containers: [{ ...busybox, command: ['sleep', '10000'], livenessProbe }] }),
    )
    const unwanted = await rig.ready(await rig.create({}))
    const filesBefore = openFiles()
    rig.outage.begin()
    for (const name of [crashing, ending, unwell]) await rig.exec(name, 'touch /tmp/end')
    const late = await rig.create({})
    await rig.api.delete(pods, { namespace: 'default', name: unwanted }, { gracePeriodSeconds: 1 })
    await pause(outageSeconds * 1000)
    assert.equal(rig.pod(late).status?.phase, 'Pending')
    assert.equal(await rig.exec(steady, 'echo alive'), 'alive')
    assert.ok(rig.has(unwanted))
    const end = Date.now()
    rig.outage.end()
    await rig.until('it hears of the end', () => rig.pod(ending).status?.phase === 'Succeeded')
    for (const name of [crashing, unwell]) {
      await rig.until('it hears of the start after', () => rig.container(name).restartCount >= 1)
      assert.equal(rig.container(name).restartCount, 1)
      assert.ok(Date.parse(rig.container(name).state?.running?.startedAt ?? '') < end)
    }
    assert.equal(rig.container(crashing).lastState?.terminated?.exitCode, 7)
    await rig.ready(late)
    await rig.until('the node is ready', () => rig.nodeIsReady())
    await rig.until('what was deleted is gone', () => !rig.has(unwanted))
    assert.deepEqual(unnoticed(rig, steady), before)
    for (const name of [steady, crashing, ending, unwell, late]) await rig.remove(name)
    await rig.until('nothing is left', async () => (await rig.leftovers()).length === 0)
    await rig.until('files are closed', () => openFiles() <= filesBefore + 10)
  },

  'a full disk keeps pods from starting and ends none, and they start when there is room': async (rig) => {
    await rig.stopAgent()
    mkdirSync(rig.kubeletRoot, { recursive: true })
    await runCommand(['mount', '-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', rig.kubeletRoot])
    try {
      await rig.startAgent()
      const filler = await rig.create({
        volumes: [{ name: 'work', emptyDir: {} }],
        containers: [
          {
            ...busybox,
            command: ['sh', '-c', 'dd if=/dev/zero of=/work/all bs=4096; echo full; sleep 1000'],
            volumeMounts: [{ name: 'work', mountPath: '/work' }],
          },
        ],
      })
      await rig.ready(filler)
      await rig.until('the disk is full', async () =>
        (await rig.get(`/containerLogs/default/${filler}/app`)).includes('full'),
      )
      const before = unnoticed(rig, filler)
      await rig.api.create(configmaps, {
        metadata: { namespace: 'default', name: 'large' },
        data: { large: 'x'.repeat(100_000) },
      })
      const name = await rig.create({
        volumes: [{ name: 'large', configMap: { name: 'large' } }],
        containers: [
          { ...busybox, command: ['sleep', '1000'], volumeMounts: [{ name: 'large', mountPath: '/large' }] },
        ],
      })
      await rig.until('it is told why it does not start', async () =>
        (await rig.events()).some((event) => event.includes('no space left on device')),
      )
      assert.deepEqual(unnoticed(rig, filler), before)
      await rig.exec(filler, 'rm /work/all')
      await rig.ready(name)
      assert.equal(await rig.exec(name, 'wc -c </large/large'), '100000')
      assert.deepEqual(unnoticed(rig, filler), before)
      await rig.remove(name)
      await rig.remove(filler)
      await rig.until('nothing is left', async () => (await rig.leftovers()).length === 0)
      await rig.stopAgent()
    } finally {
      await runCommand(['umount', '-l', rig.kubeletRoot])
    }
    await rig.startAgent()
  },
}
