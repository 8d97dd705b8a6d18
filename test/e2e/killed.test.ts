import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { ConfigMapList, PodList } from '#api/core/v1'
import { E2eCluster, eventually } from './support/cluster.ts'
import { leftoversOf } from './support/leftovers.ts'
import { machineMissing } from './support/machine.ts'

const missing = await machineMissing()
const writer = fileURLToPath(new URL('support/writer.mjs', import.meta.url))
/** More rounds than usual take `K8TS_KILLS=200`. */
const rounds = Number(process.env['K8TS_KILLS'] ?? '4')

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: steady}
spec:
  replicas: 3
  selector: {matchLabels: {app: steady}}
  template:
    metadata: {labels: {app: steady}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: c, image: 'busybox:1.36', command: [sleep, infinity]}]
`

interface Container {
  readonly id: string
  readonly restarts: number
}

describe.skipIf(missing)(`kill -9${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test(
    'of the whole cluster under load loses no acknowledged write, sets no revision back and disturbs no pod',
    { timeout: 60_000 + rounds * 30_000 },
    async () => {
      await using cluster = await E2eCluster.start({ images: ['busybox'] })
      await cluster.apply(deployment)
      await cluster.kubectl('rollout status deployment steady --timeout=60s')
      const before = await containersOf(cluster)
      const acknowledged: { readonly name: string; readonly revision: number }[] = []
      const child = cluster.machine.spawn([process.execPath, writer, cluster.kubeconfig, 'w'])
      if (!child.stdout) throw new Error('the writer has no output')
      createInterface({ input: child.stdout }).on('line', (line) => {
        const [name = '', revision] = line.split(' ')
        acknowledged.push({ name, revision: Number(revision) })
      })
      let highest = 0
      for (let round = 0; round < rounds; round++) {
        const count = acknowledged.length
        await eventually(async () => expect(acknowledged.length).toBeGreaterThan(count + 20))
        await pause(Math.random() * 300)
        const agents = round % 2 === 0 ? [] : await agentPids(cluster)
        await cluster.end('SIGKILL')
        for (const pid of agents) process.kill(pid, 'SIGKILL')
        const kept = acknowledged.slice()
        await cluster.up()
        const raw = await cluster.kubectl('get --raw /api/v1/namespaces/default/configmaps')
        const { items, metadata } = JSON.parse(raw) as ConfigMapList
        const revision = Number(metadata?.resourceVersion)
        expect(revision).toBeGreaterThanOrEqual(Math.max(highest, ...kept.map((each) => each.revision)))
        highest = revision
        const stored = new Map(items.map((item) => [item.metadata.name, item]))
        const lost = kept.filter(({ name }) => stored.get(name)?.data?.['name'] !== name)
        expect(lost).toEqual([])
        expect(new Set(items.map((item) => item.metadata.resourceVersion)).size).toBe(items.length)
      }
      child.kill('SIGKILL')
      await eventually(async () => {
        expect(await cluster.kubectl('get nodes --no-headers')).toMatch(/ Ready /)
        expect(await containersOf(cluster)).toEqual(before)
      })
      await cluster.end('SIGKILL')
      await cluster.k8ts(['down'])
      expect(await leftoversOf(cluster.name, cluster.machine)).toEqual([])
    },
  )
})

/** The containers of the deployment, by pod. */
async function containersOf(cluster: E2eCluster): Promise<{ readonly [pod: string]: Container }> {
  const { items } = await cluster.get<PodList>('pods -l app=steady')
  return Object.fromEntries(
    items.map(({ metadata, status }) => {
      const [container] = status?.containerStatuses ?? []
      return [metadata.name ?? '', { id: container?.containerID ?? '', restarts: container?.restartCount ?? -1 }]
    }),
  )
}

async function agentPids(cluster: E2eCluster): Promise<number[]> {
  const text = await readFile(`/run/k8ts/${cluster.name}/${cluster.name}-1/agent`, 'utf8')
  return [Number.parseInt(text, 10)]
}
