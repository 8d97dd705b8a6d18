import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { JobList } from '#api/batch/v1'
import type { Pod, PodList } from '#api/core/v1'
import { eventually } from '../run/eventually.ts'
import { E2eCluster } from './support/cluster.ts'
import { describeOnMachine } from './support/describe.ts'
import { nodeDifferences } from './support/holdings.ts'
import { containerProcesses } from './support/leftovers.ts'
import { NodeKiller } from './support/node-killer.ts'

/** More kills than usual take `K8TS_NODE_KILLS=300`. */
const kills = Number(process.env['K8TS_NODE_KILLS'] ?? '6')
const nodes = 3
/** A busy machine takes its time; what does not come to rest at all is a failure. */
const patienceMs = 300_000
/** Kills of each node between two looks at what is left. */
const killsInARow = Math.min(10, Math.ceil(kills / nodes))
const looks = Math.ceil(kills / (killsInARow * nodes))

/** Pods that have everything an agent watches over, and do not notice that it is killed. A busy machine fails no probe. */
const steady = `
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a: "1"}
---
apiVersion: v1
kind: Secret
metadata: {name: secret}
stringData: {b: "2"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: steady}
spec:
  replicas: 6
  selector: {matchLabels: {app: steady}}
  template:
    metadata: {labels: {app: steady}}
    spec:
      terminationGracePeriodSeconds: 1
      topologySpreadConstraints:
      - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: steady}}}
      volumes:
      - {name: settings, configMap: {name: settings}}
      - {name: secret, secret: {secretName: secret}}
      - {name: memory, emptyDir: {medium: Memory}}
      initContainers:
      - {name: first, image: 'busybox:1.36', command: [sh, -c, 'echo ready >/memory/index.html'], volumeMounts: [{name: memory, mountPath: /memory}]}
      - {name: beside, image: 'busybox:1.36', restartPolicy: Always, command: [sleep, infinity]}
      containers:
      - name: web
        image: busybox:1.36
        command: [httpd, -f, -p, '8080', -h, /memory]
        resources: {requests: {cpu: 1m, memory: 4Mi}, limits: {cpu: 200m, memory: 32Mi}}
        volumeMounts:
        - {name: memory, mountPath: /memory}
        - {name: settings, mountPath: /settings}
        - {name: secret, mountPath: /secret}
        startupProbe: {exec: {command: [test, -e, /memory/index.html]}, periodSeconds: 1, timeoutSeconds: 30}
        readinessProbe: {httpGet: {port: 8080, path: /}, periodSeconds: 1, timeoutSeconds: 30}
        livenessProbe: {exec: {command: [test, -e, /memory/index.html]}, periodSeconds: 1, timeoutSeconds: 30}
`

/** Pods that come and go while nodes are killed; runs are counted by lines in files of `runs`. */
const passing = (round: number, runs: string): string => `
apiVersion: batch/v1
kind: Job
metadata: {name: job-${round}, labels: {round: '${round}'}}
spec:
  completions: 3
  parallelism: 3
  backoffLimit: 20
  template:
    metadata: {labels: {round: '${round}'}}
    spec:
      restartPolicy: Never
      volumes: [{name: runs, hostPath: {path: ${runs}}}]
      initContainers:
      - name: init
        image: busybox:1.36
        command: [sh, -c, 'sleep 0.3; echo init >>/runs/$(hostname)']
        volumeMounts: [{name: runs, mountPath: /runs}]
      containers:
      - name: main
        image: busybox:1.36
        command: [sh, -c, 'sleep 1; echo main >>/runs/$(hostname)']
        volumeMounts: [{name: runs, mountPath: /runs}]
---
apiVersion: v1
kind: Pod
metadata: {name: code-${round}, labels: {round: '${round}'}}
spec:
  restartPolicy: Never
  containers: [{name: c, image: 'busybox:1.36', command: [sh, -c, 'sleep 1; echo said >/dev/termination-log; exit 3']}]
---
apiVersion: v1
kind: Pod
metadata: {name: slow-${round}, labels: {round: '${round}', ends: now}}
spec:
  terminationGracePeriodSeconds: 4
  initContainers: [{name: beside, image: 'busybox:1.36', restartPolicy: Always, command: [sh, -c, 'trap "" TERM; sleep 1000 & wait; sleep 1000']}]
  containers:
  - name: c
    image: busybox:1.36
    command: [sh, -c, 'trap "" TERM; sleep 1000 & wait; sleep 1000']
    lifecycle: {preStop: {exec: {command: [sleep, '1']}}, postStart: {exec: {command: [sleep, '0.2']}}}
---
apiVersion: v1
kind: Pod
metadata: {name: crash-${round}, labels: {round: '${round}'}}
spec:
  terminationGracePeriodSeconds: 1
  containers: [{name: c, image: 'busybox:1.36', command: [sh, -c, 'sleep 0.5; exit 1']}]
`

describeOnMachine('kill -9 of agents and container runtimes', () => {
  test(
    'at any moment of pods lives disturbs no other pod, and nodes do in the end what was asked for and keep nothing else',
    { timeout: 300_000 + kills * 20_000 },
    async () => {
      await using cluster = await E2eCluster.start({ images: ['busybox'], flags: ['--nodes', String(nodes)] })
      const run = new Run(cluster)
      try {
        await run.begin()
        for (let look = 0; look < looks; look++) {
          await run.disturb(killsInARow)
          await run.settle()
        }
      } catch (error) {
        console.error(`${run.figures()}\n${await run.logs()}`)
        throw error
      }
      console.info(run.figures())
    },
  )
})

class Run {
  readonly #cluster: E2eCluster
  readonly #runs: string
  readonly #names: readonly string[]
  readonly #killers: readonly NodeKiller[]
  #round = 0
  #processes: readonly string[] = []
  #containers: readonly string[] = []

  constructor(cluster: E2eCluster) {
    this.#cluster = cluster
    this.#runs = join(cluster.machine.folder, 'runs')
    this.#names = Array.from({ length: nodes }, (_, index) => `${cluster.name}-${index + 1}`)
    this.#killers = this.#names.map((name) => new NodeKiller(cluster, name))
  }

  async begin(): Promise<void> {
    await mkdir(this.#runs)
    await this.#cluster.apply(steady)
    await this.#cluster.kubectl('rollout status deployment steady --timeout=90s')
    this.#processes = steadyProcesses(this.#cluster.name)
    this.#containers = await this.#steadyContainers()
    expect(this.#processes).toHaveLength(12)
  }

  /** Kills every node so many times while pods come and go. */
  async disturb(count: number): Promise<void> {
    const over = new AbortController()
    const ends = Promise.all(this.#killers.map((killer) => killer.run(count))).finally(() => over.abort())
    while (!over.signal.aborted) {
      const round = ++this.#round
      await this.#cluster.kubectl(['create', '-f', '-'], { input: passing(round, this.#runs) })
      await pause(Math.random() * 3000)
      await this.#cluster.kubectl(['delete', 'pod', `slow-${round}`, '--wait=false'])
      if (round > 2)
        await this.#cluster.kubectl(['delete', 'pod', `crash-${round - 2}`, '--wait=false', '--ignore-not-found'])
      await pause(3000)
    }
    await ends
  }

  /** Waits until everything is as it should be, and says what is not. */
  async settle(): Promise<void> {
    await eventually(() => this.#expectDone(), patienceMs)
    for (const node of this.#names) {
      await eventually(async () => expect(await nodeDifferences(this.#cluster, node), node).toEqual([]), patienceMs)
    }
    await this.#expectUndisturbed()
    await this.#cluster.kubectl('delete pods,jobs -l round --timeout=300s', { timeoutMs: 310_000 })
    for (const node of this.#names) {
      await eventually(async () => expect(await nodeDifferences(this.#cluster, node), node).toEqual([]), patienceMs)
    }
    await this.#expectUndisturbed()
  }

  async #expectDone(): Promise<void> {
    const lines = (await this.#cluster.kubectl('get nodes --no-headers')).trim().split('\n')
    expect(lines.filter((line) => !/ Ready /.test(line))).toEqual([])
    const [pods, jobs] = [
      await this.#cluster.get<PodList>('pods -l round'),
      await this.#cluster.get<JobList>('jobs -l round'),
    ]
    const short = jobs.items.filter(({ status }) => status?.succeeded !== 3)
    expect(
      short.map(({ metadata, status }) => ({
        job: metadata.name,
        status,
        pods: pods.items
          .filter((pod) => pod.metadata.ownerReferences?.[0]?.name === metadata.name)
          .map((pod) => [pod.metadata.name, pod.spec?.nodeName, pod.status]),
      })),
    ).toEqual([])
    const wrong = pods.items.flatMap((pod) => unfinished(pod))
    expect(wrong).toEqual([])
  }

  async #expectUndisturbed(): Promise<void> {
    // The web server has a process for each request that it answers.
    await eventually(async () => expect(steadyProcesses(this.#cluster.name)).toEqual(this.#processes))
    await eventually(async () => expect(await this.#steadyContainers()).toEqual(this.#containers))
  }

  async #steadyContainers(): Promise<string[]> {
    const { items } = await this.#cluster.get<PodList>('pods -l app=steady')
    return items.flatMap(containersOf).sort()
  }

  /** What was killed how often. */
  figures(): string {
    const kinds = this.#killers.flatMap(({ kills: list }) => list.map(({ what }) => what))
    const of = (kind: string): number => kinds.filter((each) => each === kind).length
    return `${kinds.length} kills: ${of('agent')} of agents, ${of('containerd')} of runtimes, ${of('both')} of both; ${this.#round} rounds of pods`
  }

  /** What the nodes said last. */
  async logs(): Promise<string> {
    const texts = await Promise.all(
      this.#names.map((name) => readFile(join(this.#cluster.dataDir, 'logs', `${name}.log`), 'utf8').catch(String)),
    )
    return texts.map((text, index) => `== ${this.#names[index]}\n${text.slice(-20_000)}`).join('\n')
  }
}

/** What has not become of a pod what is to become of it. */
function unfinished({ metadata, status }: Pod): string[] {
  const { name = '', deletionTimestamp } = metadata
  const { phase, containerStatuses: [container] = [] } = status ?? {}
  const says = (what: string): string[] => [`${name} ${what}: ${JSON.stringify(status)}`]
  if (deletionTimestamp !== undefined) return says('is not gone')
  if (name.startsWith('job-')) return phase === 'Succeeded' || phase === 'Failed' ? [] : says('has not ended')
  if (name.startsWith('code-')) {
    const { exitCode } = container?.state?.terminated ?? {}
    return phase === 'Failed' && exitCode !== undefined ? [] : says('has not ended with a status')
  }
  return phase === 'Running' ? [] : says('does not run')
}

function containersOf({ metadata, status }: Pod): string[] {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  return all.map(
    ({ name, containerID, restartCount, ready }) => `${metadata.name}/${name} ${containerID} ${restartCount} ${ready}`,
  )
}

const steadyProcesses = (cluster: string): string[] =>
  containerProcesses(cluster)
    .filter((line) => /^(?:sleep infinity|httpd -f)/.test(line))
    .sort()
