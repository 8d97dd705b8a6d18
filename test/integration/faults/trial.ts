import { silentLogger } from '#base'
import { replicasets } from '#api/apps/v1'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { createInformerFactory } from '#client'
import { isNotFound } from '#machinery'
import { World, isActive } from './world.ts'
import type { WorldOptions } from './world.ts'
import { RollingDaemonSet } from './workloads/daemon-set.ts'
import { RollingDeployment } from './workloads/deployment.ts'
import { CountedJob } from './workloads/jobs.ts'
import { Families } from './workloads/owners.ts'
import { OrderedStatefulSet } from './workloads/stateful-set.ts'
import { namespace } from './workloads/workload.ts'
import type { Workload } from './workloads/workload.ts'

/** What became of a seed. */
export interface Outcome {
  readonly violations: readonly string[]
  /** Every write, with its time: the same for the same seed. */
  readonly writes: readonly string[]
  /** After which writes controllers and scheduler crashed. */
  readonly crashes: readonly string[]
  /** Milliseconds of virtual time until everything was as declared, once nothing went wrong any more. */
  readonly settledMs: number
}

/** Milliseconds within which everything must be as declared: expectations are given up after five minutes. */
const patienceMs = 40 * 60_000

/**
 * Lets a cluster live through what a seed has for it, and sees to it that what was promised holds.
 *
 * @param tell hears of every write that was carried out: for those who look for the cause of a violation.
 */
export async function tryOut(seed: number, tell?: WorldOptions['tell']): Promise<Outcome> {
  // In calm seeds nothing but controllers takes pods away: what they promise of availability holds at every moment.
  const calm = seed % 2 === 0
  // Where no answer is lost either, what they promise of numbers does: never one pod too many.
  const honest = seed % 4 === 0
  // Now and then everything runs.
  await using world = await World.start(seed, {
    nodes: 3,
    calm,
    honest,
    all: seed % 20 === 0,
    ...(tell ? { tell } : {}),
  })
  const { chance, client, clock } = world
  const violations: string[] = []
  const complain = (what: string): void => {
    if (violations.length < 20) violations.push(`${clock.monotonic() / 1000} s: ${what}`)
  }
  const owners = new Families(world)
  const counted = [false, true].map((isIndexed) => new CountedJob(world, { calm, honest, isIndexed }))
  const workloads: readonly Workload[] = [
    new RollingDeployment(world, calm),
    new OrderedStatefulSet(world, calm),
    new RollingDaemonSet(world, { calm, honest }),
    ...counted,
    owners,
  ]
  const stop = new AbortController()
  const informers = createInformerFactory(client, { clock, log: silentLogger, streamingList: false })
  const known = informers.informer(pods)
  const sets = informers.informer(replicasets)
  const look = (): void => {
    const all = [...known.lister.list(namespace)]
    for (const workload of workloads) {
      const problem = workload.broken(all, [...sets.lister.list(namespace)])
      if (problem !== undefined) complain(`${workload.name}: ${problem}`)
    }
  }
  sets.addHandler({ added: look, updated: look })
  known.addHandler({
    added: look,
    updated: look,
    deleted: (pod) => {
      if (isForcedAway(world, pod)) complain(`pod ${pod.metadata.name} vanished while its node had it`)
      look()
    },
  })
  const watching = informers.start(stop.signal)
  for (const workload of workloads) await workload.start()
  const steps = chance.between(10, 30)
  for (let step = 0; step < steps; step++) {
    await world.pass(chance.between(500, 20_000))
    if (chance.hits(0.5)) await chance.oneOf(workloads).act()
    if (world.isManagerRunning) {
      if (chance.hits(0.3)) world.crashAfter(chance.between(1, 30))
    } else if (chance.hits(0.7)) world.startManager()
    if (!calm) await disturb(world)
    const gone = await owners.wronglyGone()
    if (gone !== undefined) complain(`garbage collection: ${gone}`)
  }
  world.isBad = false
  for (const machine of world.machines) machine.isSilent = false
  world.crashAfter(Infinity)
  if (!world.isManagerRunning) world.startManager()
  for (const workload of workloads) await workload.settle()
  const from = clock.monotonic()
  let unfinished: readonly string[] = ['everything']
  while (unfinished.length > 0 && clock.monotonic() - from < patienceMs) {
    await world.pass(20_000)
    unfinished = await whatIsUnfinished(workloads, [...known.lister.list(namespace)])
  }
  for (const what of unfinished) complain(`not as declared: ${what}`)
  const settledMs = clock.monotonic() - from
  if (unfinished.length === 0) {
    for (const job of counted) {
      const problem = await job.miscounted()
      if (problem !== undefined) complain(`${job.name}: ${problem}`)
    }
  }
  stop.abort()
  await watching
  return { violations, writes: world.writes, crashes: world.crashes, settledMs }
}

async function whatIsUnfinished(workloads: readonly Workload[], all: readonly Pod[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const workload of workloads) {
    const problem = await workload.unfinished(all)
    if (problem !== undefined) found.push(`${workload.name}: ${problem}`)
  }
  return found
}

/** A node falls silent or is heard again, a pod is deleted by somebody. */
async function disturb(world: World): Promise<void> {
  const { chance, client } = world
  for (const machine of world.machines) {
    if (machine.isSilent ? chance.hits(0.3) : chance.hits(0.05)) machine.isSilent = !machine.isSilent
  }
  if (!chance.hits(0.2)) return
  const { items } = await client.list(pods, { namespace })
  const active = items.filter(isActive)
  if (active.length === 0) return
  const { name = '' } = chance.oneOf(active).metadata
  await client.delete(pods, { namespace, name }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error
  })
}

/** Only its node may say that a pod is gone which it has: until then another of the same name would run beside it. */
function isForcedAway({ removedByNode }: World, { metadata, spec, status }: Pod): boolean {
  if (!spec?.nodeName || removedByNode.has(metadata.uid ?? '')) return false
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed'
}
