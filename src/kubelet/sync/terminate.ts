import { podReference } from '#client'
import { messageOf } from '#base'
import type { Pod, PodStatus } from '#api/core/v1'
import { evictedReason } from '../eviction/message.ts'
import { killPod } from '../lifecycle/kill.ts'
import { formatPod, isStaticPod, uidOf } from '../pods/containers.ts'
import { podLogFolder } from '../sandbox/config.ts'
import type { NodeServices } from '../services.ts'
import type { StartFailure } from '../status/container-statuses.ts'
import { removeContainers, removePod } from './collect.ts'
import { observationOf, reportStatus } from './sync-pod.ts'

export interface TerminateRequest {
  readonly pod: Pod
  /** Seconds. */
  readonly grace: number
  readonly signal: AbortSignal
  readonly failures: ReadonlyMap<string, StartFailure>
  readonly runtimeHandler: string
}

/** Ends everything that runs of a pod. @throws Error when something still runs. */
export async function terminatePod(services: NodeServices, request: TerminateRequest): Promise<void> {
  const { pod, grace, signal, failures, runtimeHandler } = request
  const { probes, record } = services
  const uid = uidOf(pod)
  reportStatus(services, pod, failures, runtimeHandler, false)
  probes.stopLivenessAndStartup(uid)
  try {
    await killPod(services, { pod, observation: observationOf(services, pod), graceOverride: grace, signal })
  } catch (error) {
    if (!signal.aborted) record(podReference(pod), 'Warning', 'FailedKillPod', `error killing pod: ${messageOf(error)}`)
    throw error
  }
  probes.remove(uid)
  const running = observationOf(services, pod).containers.filter(({ state }) => state === 'running')
  if (running.length > 0) {
    const ids = running.map(({ id }) => id).join(' ')
    throw new Error(`detected running containers after a successful KillPod, CRI violation: [${ids}]`)
  }
  // Before the API hears that the pod has ended: then its claims may be given to others.
  await services.managers.dra.unprepare(pod)
  reportStatus(services, pod, failures, runtimeHandler, true)
}

/**
 * Takes away what a pod used on the node; nothing of it runs any more. Its containers stay, for their logs, unless it was
 * evicted: the node needs the room.
 */
export async function finishPod(
  services: NodeServices,
  pod: Pod,
  failures: ReadonlyMap<string, StartFailure>,
  runtimeHandler: string,
): Promise<PodStatus> {
  const { volumes, objects, tokens, cgroups, statuses } = services
  const uid = uidOf(pod)
  const status = reportStatus(services, pod, failures, runtimeHandler, true)
  await volumes.unmount(uid)
  objects.unregister(uid)
  tokens.forget(uid)
  await cgroups.destroy(uid)
  if (status.phase === 'Failed' && status.reason === evictedReason) await removeContainers(services, uid)
  statuses.finish(pod)
  return status
}

/**
 * Removes what is left of a pod that the API has forgotten, or is about to: containers, logs, files. Logs of a static pod
 * are left to those who look for what nobody knows: its manifest may come back, and by them its restarts count on.
 */
export async function forgetPod(services: NodeServices, pod: Pod): Promise<void> {
  const { files, logFolders, log } = services
  const uid = uidOf(pod)
  const keepLogs = isStaticPod(pod)
  await removePod(services, uid, keepLogs)
  if (!keepLogs) await files.removeLogs(podLogFolder(logFolders.pods, pod))
  try {
    await files.removePodFolders(uid)
    services.userRanges.release(uid)
  } catch (error) {
    log.warn('Files of a pod could not be removed yet', { pod: formatPod(pod), error })
  }
}

/** Ends and removes a pod that only the runtime knows. */
export async function removeOrphan(services: NodeServices, uid: string): Promise<void> {
  const { cache, volumes, cgroups, files } = services
  const observation = cache.get(uid)
  if (observation) {
    await killPod(services, { pod: undefined, observation, graceOverride: 1 })
    const { name, namespace } = observation
    await volumes.unmount(uid)
    await cgroups.destroy(uid)
    await forgetPod(services, { metadata: { uid, name, namespace }, spec: { containers: [] } })
    return
  }
  await volumes.unmount(uid)
  await cgroups.destroy(uid)
  await files.removePodFolders(uid)
  services.userRanges.release(uid)
}
