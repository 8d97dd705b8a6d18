import { messageOf } from '#base'
import type { ClaimReference } from '../seams/dra-plugins.ts'
import type { ClaimRecord } from './claim-record.ts'
import { checkAnswers, type ClaimWork } from './claim-work.ts'

/** Claims that a pod has used, and uses no more. */
export interface GivenBack {
  readonly podUid: string
  readonly namespace: string
  readonly names: readonly string[]
}

/**
 * Has drivers undo what they did for a pod's claims, but for those that other pods use. What failed stays the pod's, to
 * be tried again. Pods that come meanwhile wait until it is undone.
 *
 * @throws Error with the message users see.
 */
export async function unprepareClaims(work: ClaimWork, { podUid, namespace, names }: GivenBack): Promise<void> {
  const used = names.filter((name) => work.records.get(namespace, name)?.pods.has(podUid))
  if (used.length === 0) return
  const { locks, records } = work
  await locks.run(
    used.map((name) => `${namespace}/${name}`),
    async () => {
      const last: ClaimRecord[] = []
      for (const name of used) {
        const record = records.get(namespace, name)
        if (!record?.pods.has(podUid)) continue
        if (record.pods.size === 1) last.push(record)
        else records.put({ ...record, pods: new Set([...record.pods].filter((uid) => uid !== podUid)) })
      }
      for (const [driver, claims] of batchesOf(last)) await ask(work, driver, claims)
      for (const record of last) records.delete(record)
      try {
        await work.save()
      } catch (error) {
        throw new Error(`checkpoint ResourceClaim state: ${messageOf(error)}`, { cause: error })
      }
    },
  )
}

function batchesOf(records: readonly ClaimRecord[]): ReadonlyMap<string, readonly ClaimReference[]> {
  const batches = new Map<string, ClaimReference[]>()
  for (const { namespace, name, uid, devices } of records) {
    for (const driver of devices.keys()) batches.set(driver, [...(batches.get(driver) ?? []), { namespace, name, uid }])
  }
  return batches
}

async function ask({ drivers }: ClaimWork, driver: string, claims: readonly ClaimReference[]): Promise<void> {
  const plugin = drivers.get(driver)
  const answers = await plugin.unprepare(claims).catch((error: unknown) => {
    throw new Error(`NodeUnprepareResources: ${messageOf(error)}`, { cause: error })
  })
  checkAnswers('NodeUnprepareResources', claims, answers)
}
