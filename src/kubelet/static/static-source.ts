import type { Node } from '#api/core/v1'
import type { KubeletOptions } from '../options.ts'
import type { PodWorkers } from '../pods/workers.ts'
import type { NodeServices } from '../services.ts'
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
  /** Asked only while the agent runs: workers need to know the mirror pods. */
  readonly workers: () => PodWorkers
  /** The node as the API has it, once it does. */
  readonly node: () => Node | undefined
}

/** @returns `undefined` where the configuration names no folder. */
export function createStaticSource(options: StaticSourceOptions): StaticSource | undefined {
  const { client, clock, config, host, log, nodeName, statuses, workers, node } = options
  const { validatePod: validate = containersNeeded } = options
  if (config.staticPodPath === '') return undefined
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
  })
  const mirrors = new MirrorPods({
    client,
    clock,
    log,
    node,
    staticPods: () => pods.pods(),
    isEnding: (name) => pods.isEnding(name),
    mirrored: (pod) => statuses.tellAgain(pod.metadata.uid ?? ''),
  })
  return { pods, mirrors }
}
