import { messageOf } from '#base'
import type { Pod } from '#api/core/v1'
import { resourceclaims } from '#api/resource/v1'
import type { ResourceClaim } from '#api/resource/v1'
import { isReservedFor, notMadeFor } from '#client'
import { uidOf } from '../pods/containers.ts'
import type { ClaimReference, DraPlugin } from '../seams/dra-plugins.ts'
import { recordOf, type ClaimRecord } from './claim-record.ts'
import { checkAnswers, type ClaimWork } from './claim-work.ts'
import { neededClaims, type NeededClaim } from './pod-claims.ts'

interface Checked {
  readonly record: ClaimRecord
  /** Whom to ask, by driver. */
  readonly plugins: ReadonlyMap<string, DraPlugin>
}

/**
 * Has drivers prepare what a pod claims, as far as they have not. Nothing is kept of a pod before all of its claims are
 * found to be in order: it can go without a driver that never was there. Pods that share a claim do not wait for each
 * other: drivers can be asked for a claim again while they prepare it.
 *
 * @param signal ends the wait for drivers: the pod is to end.
 * @throws Error with the message users see.
 */
export async function prepareClaims(work: ClaimWork, pod: Pod, signal: AbortSignal): Promise<void> {
  const { namespace = '' } = pod.metadata
  const needed = neededClaims(pod)
  if (needed.length === 0) return
  const checked: Checked[] = []
  for (const claim of needed) checked.push(await check(work, pod, claim))
  const names = needed.map(({ name }) => `${namespace}/${name}`)
  const batches = await work.locks.run(names, () => takeUp(work, uidOf(pod), checked))
  for (const [plugin, claims] of batches) await ask(work, plugin, claims, signal)
  if (checked.every(({ record }) => work.records.get(record.namespace, record.name)?.isPrepared)) return
  for (const { record } of checked) change(work, record, { isPrepared: true })
  await save(work, 'checkpoint ResourceClaim state')
}

async function check({ client, drivers }: ClaimWork, pod: Pod, { name, generated }: NeededClaim): Promise<Checked> {
  const { namespace = '', name: podName = '', uid = '' } = pod.metadata
  let claim: ResourceClaim
  try {
    claim = await client.get(resourceclaims, { namespace, name })
  } catch (error) {
    throw new Error(`fetch ResourceClaim ${name}: ${messageOf(error)}`, { cause: error })
  }
  const stranger = generated ? notMadeFor(pod, claim) : undefined
  if (stranger !== undefined) throw new Error(stranger)
  if (!isReservedFor(claim, pod)) {
    const which = `ResourceClaim ${name} (${claim.metadata.uid ?? ''})`
    throw new Error(`pod ${podName} (${uid}) is not allowed to use ${which}`)
  }
  const record = recordOf(claim)
  return { record, plugins: new Map([...record.devices.keys()].map((driver) => [driver, drivers.get(driver)])) }
}

/** Notes that a pod uses claims. @returns what there is to ask of each driver. */
async function takeUp(
  work: ClaimWork,
  uid: string,
  checked: readonly Checked[],
): Promise<ReadonlyMap<DraPlugin, readonly ClaimReference[]>> {
  const batches = new Map<DraPlugin, ClaimReference[]>()
  for (const { record, plugins } of checked) {
    const known = work.records.get(record.namespace, record.name) ?? record
    if (known.uid !== record.uid) {
      const old = `old ResourceClaim with same name ${record.name} and different UID ${known.uid}`
      throw new Error(`${old} still exists (previous pod force-deleted?!)`)
    }
    if (!known.pods.has(uid)) {
      work.records.put({ ...known, pods: new Set([...known.pods, uid]) })
      // Drivers are asked for nothing that would be forgotten with the agent.
      await save(work, 'checkpoint ResourceClaim cache')
    }
    if (known.isPrepared) continue
    const { namespace, name } = record
    for (const plugin of plugins.values()) {
      batches.set(plugin, [...(batches.get(plugin) ?? []), { namespace, name, uid: record.uid }])
    }
  }
  return batches
}

async function ask(
  work: ClaimWork,
  plugin: DraPlugin,
  claims: readonly ClaimReference[],
  signal: AbortSignal,
): Promise<void> {
  const answers = await plugin.prepare(claims, signal).catch((error: unknown) => {
    throw new Error(`NodePrepareResources: ${messageOf(error)}`, { cause: error })
  })
  checkAnswers('NodePrepareResources', claims, answers)
  for (const { uid, devices } of answers) {
    const claim = claims.find((one) => one.uid === uid)
    const record = claim && work.records.get(claim.namespace, claim.name)
    if (record) work.records.put({ ...record, devices: new Map([...record.devices, [plugin.driver, devices]]) })
  }
}

function change({ records }: ClaimWork, { namespace, name }: ClaimRecord, more: Partial<ClaimRecord>): void {
  const record = records.get(namespace, name)
  if (record) records.put({ ...record, ...more })
}

async function save(work: ClaimWork, what: string): Promise<void> {
  try {
    await work.save()
  } catch (error) {
    throw new Error(`${what}: ${messageOf(error)}`, { cause: error })
  }
}
