import { pods } from '#api/core/v1'
import type { Pod, PodCondition } from '#api/core/v1'
import type { Json } from '#api'
import type { Lister } from '#client'
import { isNotFound, timeOfMillis } from '#machinery'
import type { PluginContext } from '../../framework/plugin.ts'
import { names } from '../names.ts'
import type { Victims } from './victims.ts'

/** Makes room by deleting pods. */
export interface Evictions {
  /** Deletes the victims, the last of them after all others, and takes nominations of less important pods back. */
  start(victims: Victims, preemptor: Pod): void
  /** Whether a pod's victims are still being deleted. */
  isRunning(uid: string): boolean
}

interface Progress {
  /** The last victim, once all others are gone. */
  last?: Pod
  /** The preemptor would have come back before the end, and was held. */
  held: boolean
}

type Context = Pick<
  PluginContext,
  'client' | 'clock' | 'log' | 'nominator' | 'activate' | 'recordEvent' | 'rejectWaiting'
>

export function createEvictions(context: Context, lister: Lister<Pod>): Evictions {
  const { client, clock, log, nominator, activate } = context
  const running = new Map<string, Progress>()
  const clearNominations = async (node: string, preemptor: Pod): Promise<void> => {
    const priority = preemptor.spec?.priority ?? 0
    for (const info of Array.from(nominator.on(node))) {
      if (info.priority >= priority) continue
      nominator.remove(info.uid)
      const { namespace = '', name = '' } = info.pod.metadata
      if (!info.pod.status?.nominatedNodeName) continue
      await patchStatus({ namespace, name }, { nominatedNodeName: null })
    }
  }

  const patchStatus = async (
    key: { readonly namespace: string; readonly name: string },
    status: { readonly [field: string]: Json },
  ): Promise<void> => {
    await client.patch(pods, key, { type: 'strategic', patch: { status } }, { subresource: 'status' })
  }

  const evict = async (victim: Pod, node: string, preemptor: Pod): Promise<void> => {
    const { namespace = '', name = '', uid = '' } = victim.metadata
    let note = `Preempted by pod ${preemptor.metadata.uid} on node ${node}`
    if (context.rejectWaiting(uid, names.defaultPreemption, 'preempted')) note += ' (in kube-scheduler memory).'
    else {
      try {
        await patchStatus({ namespace, name }, { conditions: [conditionOf(victim, preemptor)] })
        await client.delete(pods, { namespace, name }, { preconditions: { uid } })
      } catch (error) {
        if (isNotFound(error)) return
        throw error
      }
    }
    context.recordEvent({
      regarding: victim,
      related: preemptor,
      type: 'Normal',
      reason: 'Preempted',
      action: 'Preempting',
      note,
    })
  }

  const conditionOf = (victim: Pod, preemptor: Pod): { readonly [field: string]: Json } => {
    const { generation } = victim.metadata
    const condition: PodCondition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: `${preemptor.spec?.schedulerName}: preempting to accommodate a higher priority pod`,
      lastTransitionTime: timeOfMillis(clock.now()),
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    }
    return { ...condition }
  }

  const run = async (victims: Victims, preemptor: Pod, progress: Progress): Promise<void> => {
    const { node } = victims
    const uid = preemptor.metadata.uid ?? ''
    const doomed = victims.pods.map(({ pod }) => pod).filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    try {
      await clearNominations(node, preemptor)
      const last = doomed.at(-1)
      await Promise.all(doomed.slice(0, -1).map((victim) => evict(victim, node, preemptor)))
      // The deletion of the last one is what brings the preemptor back.
      if (last) {
        progress.last = last
        await evict(last, node, preemptor)
      }
    } catch (error) {
      log.error('Preemption failed', { pod: preemptor.metadata.name, node, error })
      progress.held = true
    }
    running.delete(uid)
    // What happened meanwhile could not bring the pod back, and will not happen again.
    if (progress.held) activate([preemptor])
  }

  return {
    start(victims, preemptor) {
      if (victims.pods.every(({ terminating }) => terminating)) return
      const progress: Progress = { held: false }
      running.set(preemptor.metadata.uid ?? '', progress)
      void run(victims, preemptor, progress)
    },
    isRunning(uid) {
      const progress = running.get(uid)
      if (!progress) return false
      if (progress.last) {
        const { namespace = '', name = '' } = progress.last.metadata
        const last = lister.get({ namespace, name })
        if (!last || last.metadata.deletionTimestamp !== undefined) return false
      }
      progress.held = true
      return true
    },
  }
}
