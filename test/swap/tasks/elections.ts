import { setTimeout as pause } from 'node:timers/promises'
import { deployments } from '#api/apps/v1'
import { leases } from '#api/coordination/v1'
import type { Program } from '../../../bench/machine/program.ts'
import type { SwapCluster } from '../cluster.ts'
import { expect, template, webServer } from './task.ts'
import type { Desk, Task } from './task.ts'

const contended = ['kube-controller-manager', 'kube-scheduler'] as const
const key = (name: string): { readonly namespace: string; readonly name: string } => ({
  namespace: 'kube-system',
  name,
})

/** Ours and upstream's stand by for each other: one leads at a time, and the other takes over when it is killed. */
class Contest {
  readonly #cluster: SwapCluster
  readonly #running = new Map<string, Program>()

  constructor(cluster: SwapCluster) {
    this.#cluster = cluster
  }

  async join(ours: boolean): Promise<void> {
    for (const part of contended) {
      this.#running.set(`${part} ${ours}`, await this.#cluster.start(part, ours))
    }
  }

  /** Without a chance to give up the lease. */
  async kill(ours: boolean): Promise<void> {
    for (const part of contended) await this.#running.get(`${part} ${ours}`)?.stop('SIGKILL')
  }

  async holders(): Promise<string[]> {
    const { client } = this.#cluster
    const found = await Promise.all(contended.map((name) => client.get(leases, key(name)).catch(() => undefined)))
    return found.map((lease) => lease?.spec?.holderIdentity ?? '')
  }
}

let contest: Contest

export const electionTask: Task = {
  name: 'elections',
  async prepare(cluster) {
    contest = new Contest(cluster)
    await contest.join(true)
  },
  async run(desk) {
    await desk.client.create(deployments, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace: desk.namespace, name: 'web' },
      spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template: template('web', webServer) },
    })
    await works(desk, 1)
    for (const [round, ours] of [false, true].entries()) {
      const before = await contest.holders()
      expect(
        before.every((holder) => holder !== ''),
        'leaders',
      )
      await contest.join(ours)
      await pause(20_000)
      expect((await contest.holders()).join() === before.join(), 'the same leaders while they live')
      await contest.kill(!ours)
      await desk.eventually('other leaders', async () => {
        const now = await contest.holders()
        return now.every((holder, index) => holder !== '' && holder !== before[index])
      })
      await works(desk, round + 2)
    }
  },
}

/** Leaders do their work: a Deployment is scaled, and its pods run. */
async function works(desk: Desk, replicas: number): Promise<void> {
  await desk.client.patch(deployments, desk.key('web'), { type: 'merge', patch: { spec: { replicas } } })
  await desk.until(deployments, 'web', (deployment) => deployment?.status?.readyReplicas === replicas)
}
