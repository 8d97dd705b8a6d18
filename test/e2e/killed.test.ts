import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Interface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { ConfigMap, ConfigMapList, PodList } from '#api/core/v1'
import { eventually } from '../run/eventually.ts'
import { E2eCluster } from './support/cluster.ts'
import { containerProcesses, leftoversOf, runtimePids } from './support/leftovers.ts'
import { WriteLedger } from './support/ledger.ts'
import { describeOnMachine } from './support/describe.ts'

const writer = fileURLToPath(new URL('programs/writer.mjs', import.meta.url))
/** More rounds than usual take `K8TS_KILLS=200`. */
const rounds = Number(process.env['K8TS_KILLS'] ?? '4')
const configMaps = '/api/v1/namespaces/default/configmaps'

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

describeOnMachine('kill -9', () => {
  test(
    'of the whole cluster under load loses no acknowledged write, sets no revision back and disturbs no pod',
    { timeout: 120_000 + rounds * 30_000 },
    async () => {
      await using cluster = await E2eCluster.start({ images: ['busybox'] })
      await cluster.apply(deployment)
      await cluster.kubectl('rollout status deployment steady --timeout=60s')
      const processes = containerProcesses(cluster.name).sort()
      expect(processes.filter((line) => line.startsWith('sleep infinity'))).toHaveLength(3)
      const load = new Load(cluster)
      let revision = 0
      for (let round = 0; round < rounds; round++) {
        await load.goesOn()
        await pause(Math.random() * 300)
        await kill(cluster, round)
        if (round % 4 === 3) await killWhileStarting(cluster)
        await cluster.up()
        await load.goesOn()
        await load.pause()
        const items = await load.check(revision)
        revision = items.revision
        expect(containerProcesses(cluster.name).sort()).toEqual(processes)
        load.resume()
      }
      load.end()
      await expectAdopted(cluster)
      expect(containerProcesses(cluster.name).sort()).toEqual(processes)
      await cluster.end('SIGKILL')
      await cluster.k8ts(['down'])
      expect(await leftoversOf(cluster.name, cluster.machine)).toEqual([])
    },
  )
})

/** Kills the server; every other time the agents with it, every third the container runtimes. */
async function kill(cluster: E2eCluster, round: number): Promise<void> {
  const others = [
    ...(round % 2 === 0 ? [] : await agentPids(cluster)),
    ...(round % 3 === 2 ? runtimePids(cluster.name) : []),
  ]
  const ended = cluster.end('SIGKILL')
  for (const pid of others) process.kill(pid, 'SIGKILL')
  await ended
}

/** Kills what has just begun to start: anywhere from its first line to its last. */
async function killWhileStarting(cluster: E2eCluster): Promise<void> {
  const starting = cluster.up().catch(() => undefined)
  await pause(50 + Math.random() * 1500)
  await cluster.end('SIGKILL')
  await starting
}

/** Every pod answers to the kubelet that found it, and is the first of its name. */
async function expectAdopted(cluster: E2eCluster): Promise<void> {
  await eventually(async () => expect(await cluster.kubectl('get nodes --no-headers')).toMatch(/ Ready /))
  const { items } = await cluster.get<PodList>('pods -l app=steady')
  expect(items).toHaveLength(3)
  for (const { metadata, status } of items) {
    expect(status?.containerStatuses?.[0]).toMatchObject({ restartCount: 0, ready: true })
    const said = await eventually(() => cluster.kubectl(['exec', metadata.name ?? '', '--', 'hostname']))
    expect(said.trim()).toBe(metadata.name)
  }
}

async function agentPids(cluster: E2eCluster): Promise<number[]> {
  const text = await readFile(`/run/k8ts/${cluster.name}/${cluster.name}-1/agent`, 'utf8')
  return [Number.parseInt(text, 10)]
}

interface WatchedEvent {
  readonly type: string
  readonly object: ConfigMap
}

/** Writers without end, and what is known of their writes. */
class Load {
  readonly #cluster: E2eCluster
  readonly #ledger = new WriteLedger()
  readonly #child: ChildProcess
  readonly #lines: Interface
  #listed = new Map<string, string>()

  constructor(cluster: E2eCluster) {
    this.#cluster = cluster
    this.#child = cluster.machine.spawn([process.execPath, writer, cluster.kubeconfig, 'w'])
    if (!this.#child.stdout) throw new Error('the writer has no output')
    this.#lines = createInterface({ input: this.#child.stdout })
    this.#lines.on('line', (line) => this.#ledger.hear(line))
  }

  async goesOn(): Promise<void> {
    const before = this.#ledger.acknowledged
    await eventually(async () => expect(this.#ledger.acknowledged).toBeGreaterThan(before + 40))
  }

  /** Resolves when no write is under way. */
  async pause(): Promise<void> {
    const paused = new Promise<void>((resolve) => {
      const hear = (line: string): void => {
        if (line !== 'paused') return
        this.#lines.off('line', hear)
        resolve()
      }
      this.#lines.on('line', hear)
    })
    this.#child.stdin?.write('pause\n')
    await paused
  }

  resume(): void {
    this.#child.stdin?.write('resume\n')
  }

  end(): void {
    this.#child.kill('SIGKILL')
  }

  /** Compares what the server has, and the events since a revision that it told of in its last life, with the writes. */
  async check(since: number): Promise<{ readonly revision: number }> {
    const { items, metadata } = JSON.parse(await this.#cluster.kubectl(`get --raw ${configMaps}`)) as ConfigMapList
    const revision = Number(metadata?.resourceVersion)
    const ours = items.filter((item) => item.metadata.name?.startsWith('w-'))
    expect(this.#ledger.check(ours, revision)).toEqual([])
    const now = new Map(ours.map((item) => [item.metadata.name ?? '', item.metadata.resourceVersion ?? '']))
    if (since > 0) expect(await this.#replay(since)).toEqual(now)
    this.#listed = now
    return { revision }
  }

  /** What the last list and the events after it come to. */
  async #replay(since: number): Promise<Map<string, string>> {
    const watch = `${configMaps}?watch=1&timeoutSeconds=1&resourceVersion=${since}`
    const lines = (await this.#cluster.kubectl(['get', '--raw', watch])).split('\n').filter((line) => line !== '')
    const state = new Map(this.#listed)
    let highest = since
    for (const { type, object } of lines.map((line) => JSON.parse(line) as WatchedEvent)) {
      const { name = '', resourceVersion = '' } = object.metadata
      expect(Number(resourceVersion), `${type} ${name} comes in order`).toBeGreaterThan(highest)
      highest = Number(resourceVersion)
      if (!name.startsWith('w-')) continue
      const known = { ADDED: false, MODIFIED: true, DELETED: true }[type]
      expect(state.has(name), `${type} ${name} fits what was before`).toBe(known)
      if (type === 'DELETED') state.delete(name)
      else state.set(name, resourceVersion)
    }
    return state
  }
}
