import { podReference } from '#client'
import type { Client } from '#client'
import type { Node } from '#api/core/v1'
import type { KubeletOptions } from '../options.ts'
import { uidOf } from '../pods/containers.ts'
import type { PodWorkers } from '../pods/workers.ts'
import type { ProbeManager } from '../probes/manager.ts'
import type { RecordEvent } from '../record-event.ts'
import type { NodeServices } from '../services.ts'
import { conditionOf } from '../status/conditions.ts'
import { FolderSource } from './folder-source.ts'
import { MirrorPods } from './mirror-pods.ts'
import { containersNeeded } from './static-pod.ts'
import { StaticPods } from './static-pods.ts'
import { UrlSource } from './url-source.ts'

/** Pods of manifests, from a folder and from a URL, and their mirror pods in the API. */
export interface StaticSource {
  readonly mirrors: MirrorPods
  /** Reads the folder for the first time. */
  start(): Promise<void>
  /** Follows folder and URL until the signal. */
  run(signal: AbortSignal): Promise<void>
  /** Resolves when all that the configuration names was read: from then on nobody else's pods are static ones. */
  readonly seen: Promise<void>
}

export interface StaticSourceOptions extends Pick<
  KubeletOptions,
  'clock' | 'config' | 'host' | 'log' | 'nodeName' | 'validatePod'
> {
  readonly client: Client
  readonly statuses: NodeServices['statuses']
  readonly probes: ProbeManager
  readonly record: RecordEvent
  /** Asked only while the agent runs: workers need to know the mirror pods. */
  readonly workers: () => PodWorkers
  /** The node as the API has it, once it does. */
  readonly node: () => Node | undefined
}

/** Where the configuration names no place there are no such pods; mirror pods of former ones go all the same. */
export function createStaticSource(options: StaticSourceOptions): StaticSource {
  const { client, clock, log, record, statuses, probes, workers, node } = options
  const pods = new StaticPods({
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
  const { folder, url } = manifestSources(options, pods)
  const seen = Promise.all([folder?.seen, url?.seen]).then(() => undefined)
  return {
    mirrors,
    start: async () => folder?.start(),
    run: async (signal) => void (await Promise.all([folder?.run(signal), url?.run(signal)])),
    seen,
  }
}

function manifestSources(
  { clock, config, host: { manifests }, log, nodeName, validatePod: validate = containersNeeded }: StaticSourceOptions,
  pods: StaticPods,
): { readonly folder: FolderSource | undefined; readonly url: UrlSource | undefined } {
  const common = { manifests, clock, log, nodeName, validate }
  const { staticPodPath, fileCheckFrequency, staticPodURL, staticPodURLHeader, httpCheckFrequency } = config
  return {
    folder:
      staticPodPath === ''
        ? undefined
        : new FolderSource({
            ...common,
            folder: staticPodPath,
            everyMs: fileCheckFrequency,
            found: (found) => pods.set('file', found),
          }),
    url:
      staticPodURL === ''
        ? undefined
        : new UrlSource({
            ...common,
            url: staticPodURL,
            headers: staticPodURLHeader,
            everyMs: httpCheckFrequency,
            found: (found) => pods.set('http', found),
          }),
  }
}
