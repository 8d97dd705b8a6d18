import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import type { Client } from '#client'
import { isNotFound, timeOfMillis } from '#machinery'
import { throwAll } from '../common/meta/errors.ts'
import type { Recorder } from '../common/meta/events.ts'
import { podCondition } from '../common/pods/state.ts'

/** Marks pods of a node that nobody hears of as not ready, so that nobody sends them work. @throws what failed. */
export async function markPodsNotReady(
  client: Client,
  record: Recorder<Pod>,
  list: Iterable<Pod>,
  now: number,
): Promise<void> {
  const errors: unknown[] = []
  await Promise.all(
    [...list].map(async (pod) => {
      const ready = podCondition(pod, 'Ready')
      if (!ready || ready.status === 'False') return
      const next = { ...ready, status: 'False', lastTransitionTime: timeOfMillis(now) }
      const conditions = (pod.status?.conditions ?? []).map((each) => (each === ready ? next : each))
      try {
        await client.update(pods, { ...pod, status: { ...pod.status, conditions } }, { subresource: 'status' })
      } catch (error) {
        if (isNotFound(error)) return
        errors.push(error)
      }
      record(pod, 'Warning', 'NodeNotReady', 'Node is not ready')
    }),
  )
  throwAll(errors)
}
