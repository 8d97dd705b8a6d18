import { podReference } from '#client'
import type { Node } from '#api/core/v1'
import type { KubeletOptions } from '../options.ts'
import { uidOf } from '../pods/containers.ts'
import type { PodWorkers } from '../pods/workers.ts'
import type { ProbeManager } from '../probes/manager.ts'
import type { RecordEvent } from '../record-event.ts'
import type { NodeServices } from '../services.ts'
import { conditionOf } from '../status/conditions.ts'
import { MirrorPods } from './mirror-pods.ts'
import { containersNeeded } from './static-pod.ts'
import { StaticPods } from './static-pods.ts'

/** Pods of the manifests' folder, and their mirror pods in the API. */
export interface StaticSource {
  readonly pods: StaticPods
  readonly mirrors: MirrorPods
}

export interface StaticSourceOptions extends Pick<
  KubeletOptions,
  'client' | 'clock' | 'config' | 'host' | 'log' | 'nodeName' | 'validatePod'
> {
  readonly statuses: NodeServices['statuses']
  readonly probes: ProbeManager
  readonly record: RecordEvent
  /** Asked only while the agent runs: workers need to know the mirror pods. */
  readonly workers: () => PodWorkers
  /** The node as the API has it, once it does. */
  readonly node: () => Node | undefined
}

/** Where the configuration names no folder there are no such pods; mirror pods of former ones go all the same. */
export function createStaticSource(options: StaticSourceOptions): StaticSource {
  const { client, clock, config, host, log, nodeName, record, statuses, probes, workers, node } = options
  const { validatePod: validate = containersNeeded } = options
  const pods = new StaticPods({
    manifests: host.manifests,
    folder: config.staticPodPath,
    everyMs: config.fileCheckFrequency,
    clock,
    log,
    nodeName,
    validate,
    put: (pod) => {
      workers().put(pod)
      mirrors.reconcile()
    },
    remove: async (pod) => {
      const ended = workers()
        .worker(pod.metadata.uid ?? '')
        ?.terminate(undefined)
      workers().remove(pod)
      await ended
    },
    ended: () => mirrors.reconcile(),
    refused: (pod, message) => record(podReference(pod), 'Warning', 'FailedValidation', message),
  })
  const mirrors = new MirrorPods({
    client,
    clock,
    log,
    node,
    staticPods: () => pods.pods(),
    isEnding: (name) => pods.isEnding(name),
    mirrored: (pod, mirror) => {
      const uid = uidOf(pod)
      if (conditionOf(mirror.status, 'Ready')?.status === 'True' && !probes.wasReady(uid)) {
        probes.recallReady(uid)
        workers().worker(uid)?.retell()
      }
      statuses.tellAgain(uid)
    },
  })
  return { pods, mirrors }
}
