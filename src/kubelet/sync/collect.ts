import type { Pod } from '#api/core/v1'
import { specOf } from '../pods/containers.ts'
import type { ContainerObservation, PodObservation } from '../runtime/pod-runtime.ts'
import type { NodeServices } from '../services.ts'

/** Dead containers of a name that are kept, for their logs and last state. */
const deadToKeep = 1

/** Removes a container from the runtime, and from the cache. */
export async function removeContainer(services: NodeServices, id: string, keepLogs: boolean): Promise<void> {
  const { runtime, cache, files } = services
  const uid = cache.ownerOf(id)
  const pod = uid === undefined ? undefined : cache.get(uid)
  const container = pod?.containers.find((candidate) => candidate.id === id)
  if (pod && container && !keepLogs) {
    await files.unlinkLog(`${pod.name}_${pod.namespace}_${container.name}-${id}.log`)
  }
  await runtime.removeContainer(id)
  if (container && container.logPath !== '' && !keepLogs) await files.removeLog(container.logPath)
  cache.remove(id)
}

/** Removes ended init containers of which there are more than `keep` of a name. */
export async function pruneInitContainers(
  services: NodeServices,
  pod: Pod,
  observation: PodObservation,
  keep: number,
): Promise<void> {
  const names = new Set((specOf(pod).initContainers ?? []).map(({ name }) => name))
  if (names.size === 0) return
  const ended = observation.containers.filter(
    ({ name, state }) => names.has(name) && (keep === 0 || state === 'exited' || state === 'unknown'),
  )
  await removeSurplus(services, ended, keep)
}

/** Removes dead containers that newer ones of their name have made uninteresting. */
export async function collectDeadContainers(services: NodeServices, observation: PodObservation): Promise<void> {
  const dead = observation.containers.filter(({ state }) => state === 'exited')
  await removeSurplus(services, dead, deadToKeep)
}

/** @param containers the newest first. */
async function removeSurplus(
  services: NodeServices,
  containers: readonly ContainerObservation[],
  keep: number,
): Promise<void> {
  const seen = new Map<string, number>()
  for (const { id, name } of containers) {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    if (count <= keep) continue
    try {
      await removeContainer(services, id, false)
    } catch (error) {
      services.log.warn('A dead container could not be removed', { container: name, id, error })
    }
  }
}

/** Removes every container of a pod that has ended, with its files and logs. */
export async function removeContainers(services: NodeServices, uid: string, keepLogs = false): Promise<void> {
  const containers = services.cache.get(uid)?.containers ?? []
  await Promise.all(containers.map(({ id }) => removeContainer(services, id, keepLogs)))
}

/** Removes everything the runtime holds of a pod that has ended. */
export async function removePod(services: NodeServices, uid: string, keepLogs = false): Promise<void> {
  const observation = services.cache.get(uid)
  if (!observation) return
  await removeContainers(services, uid, keepLogs)
  for (const { id } of observation.sandboxes) {
    await services.runtime.removePodSandbox(id)
    services.cache.remove(id)
  }
}
