import { messageOf } from '#base'
import type { PodInfo } from '../cache/pod-info.ts'
import type { Extender } from '../extenders/extender.ts'
import type { CycleState } from '../framework/cycle-state.ts'
import type { Framework } from '../framework/framework.ts'
import { failed } from '../framework/status.ts'
import type { Status } from '../framework/status.ts'
import type { Reporter } from './report.ts'

/**
 * Does what must be done before a pod is bound, and binds it. Resolves with why that failed.
 *
 * @param waited the pod was held in Permit. Where binding takes its time, others are told the node beforehand.
 */
export async function bindPod(
  framework: Framework,
  reporter: Reporter,
  extenders: readonly Extender[],
  cycle: CycleState,
  pod: PodInfo,
  node: string,
  waited: boolean,
  signal: AbortSignal,
): Promise<Status | undefined> {
  const { preBind, bind } = framework.plugins
  const needed = preBind.filter((plugin) => plugin.needsPreBind?.(cycle, pod) ?? true)
  if (needed.length > 0 || waited) {
    await reporter.nominated(pod.pod, node, signal)
    for (const plugin of needed) {
      const status = await plugin.preBind?.(cycle, pod, node, signal)
      if (status) return status
    }
  }
  for (const extender of extenders) {
    if (!extender.binds || !extender.isInterestedIn(pod.pod)) continue
    try {
      await extender.bind(pod.pod, node, signal)
      return undefined
    } catch (error) {
      if (!extender.isIgnorable) return failed('', messageOf(error))
    }
  }
  for (const plugin of bind) {
    const status = await plugin.bind?.(cycle, pod, node, signal)
    if (status?.code !== 'Skip') return status
  }
  return failed('', `no bind plugin took pod ${pod.namespace}/${pod.name}`)
}
