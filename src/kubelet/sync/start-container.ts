import type { Container, EphemeralContainer, Pod, Secret } from '#api/core/v1'
import { effectiveSizes } from '../allocation/sizes.ts'
import { containerConfig } from '../containers/config.ts'
import { killContainer } from '../lifecycle/kill.ts'
import { runHook } from '../lifecycle/hooks.ts'
import { formatPod, uidOf } from '../pods/containers.ts'
import { containerReference } from '../pods/reference.ts'
import { descriptionOf } from '../runtime/error.ts'
import type { ImageSpec } from '../runtime/images.ts'
import { observed, type PodObservation } from '../runtime/pod-runtime.ts'
import type { PodSandboxConfig } from '../runtime/records.ts'
import { podLogFolder } from '../sandbox/config.ts'
import type { NodeServices } from '../services.ts'
import type { StartFailure } from '../status/container-statuses.ts'
import { formatDuration } from '#machinery'

/** Why a container did not start, and when it is worth another try. */
export interface StartOutcome extends StartFailure {
  /** Wall time of the next try, milliseconds; the usual delay when absent. */
  readonly retryAt?: number
}

export interface StartRequest {
  readonly pod: Pod
  readonly container: Container | EphemeralContainer
  readonly observation: PodObservation
  readonly sandboxId: string
  readonly sandboxConfig: PodSandboxConfig
  readonly podIPs: readonly string[]
  readonly runtimeHandler: string
  readonly pullSecrets: readonly Secret[]
  readonly volumeImages: ReadonlyMap<string, ImageSpec>
}

/** Milliseconds after a failed pull until the container is told to wait for the back-off. */
const pullRecheckMs = 1000

/** Back-off of a container that keeps ending: the same as long as it is made from the same. */
function backoffKey(pod: Pod, container: Container): string {
  const { name = '', namespace = '' } = pod.metadata
  return JSON.stringify([name, namespace, uidOf(pod), container.name, container.image, container.resources])
}

/** A container that ended a short while ago has to wait. */
export function restartDelay(
  services: Pick<NodeServices, 'crashBackoff' | 'record'>,
  pod: Pod,
  container: Container,
  observation: PodObservation,
): StartOutcome | undefined {
  const { crashBackoff, record } = services
  const ended = observation.containers.find(({ name, state }) => name === container.name && state === 'exited')
  if (!ended) return undefined
  const key = backoffKey(pod, container)
  if (!crashBackoff.isWithin(key, ended.finishedAt)) {
    crashBackoff.next(key, ended.finishedAt)
    return undefined
  }
  const text = `Back-off restarting failed container ${container.name} in pod ${formatPod(pod)}`
  record(containerReference(pod, container), 'Warning', 'BackOff', text)
  const delayMs = crashBackoff.delayOf(key)
  const delay = formatDuration(BigInt(delayMs) * 1_000_000n)
  return {
    reason: 'CrashLoopBackOff',
    message: `back-off ${delay} restarting failed container=${container.name} pod=${formatPod(pod)}`,
    retryAt: ended.finishedAt + delayMs,
  }
}

/**
 * Starts a container: image, configuration, creation, start, postStart hook. What the runtime then has is in the cache.
 *
 * @returns why it did not start, `undefined` when it did.
 */
export async function startContainer(services: NodeServices, request: StartRequest): Promise<StartOutcome | undefined> {
  const { clock, images, record, runtime } = services
  const { pod, container, sandboxId, sandboxConfig } = request
  const reference = containerReference(pod, container)
  const fail = (reason: string, message: string): StartOutcome => {
    record(reference, 'Warning', 'Failed', `Error: ${message}`)
    return { reason, message }
  }
  const image = await images.ensure({
    pod,
    image: container.image ?? '',
    policy: container.imagePullPolicy ?? 'IfNotPresent',
    reference,
    pullSecrets: request.pullSecrets,
  })
  if ('reason' in image) {
    const outcome = { ...fail(image.reason, image.reason), message: image.message }
    return image.reason === 'ErrImagePull' ? { ...outcome, retryAt: clock.now() + pullRecheckMs } : outcome
  }
  let config: Awaited<ReturnType<typeof containerConfig>>
  try {
    config = await containerConfig(services, {
      ...request,
      container,
      image: image.image,
      imageRef: image.imageRef,
      restartCount: await restartCountOf(services, request),
      targetId: targetOf(request),
    })
  } catch (error) {
    return fail('CreateContainerConfigError', descriptionOf(error))
  }
  let id: string
  try {
    id = await runtime.createContainer(sandboxId, config, sandboxConfig)
  } catch (error) {
    const why = descriptionOf(error)
    countImageVolumes(services, request, why.startsWith('ImageVolumeMountFailed'))
    return fail('CreateContainerError', why)
  }
  countImageVolumes(services, request, false)
  record(reference, 'Normal', 'Created', 'Container created')
  try {
    await runtime.startContainer(id)
  } catch (error) {
    await notice(services, id, sandboxId)
    return fail('RunContainerError', descriptionOf(error).replaceAll(id, container.name))
  }
  record(reference, 'Normal', 'Started', 'Container started')
  services.allocations.setActuated(pod, container.name, effectiveSizes(pod, container))
  await notice(services, id, sandboxId)
  linkLog(services, request, config.logPath, id)
  return postStart(services, request, id)
}

function countImageVolumes(
  { metrics }: NodeServices,
  { container, volumeImages }: StartRequest,
  failed: boolean,
): void {
  const mounts = (container.volumeMounts ?? []).filter(({ name }) => volumeImages.has(name)).length
  metrics.hooks.imageVolumes({ requested: volumeImages.size, mounts, failed })
}

/** Puts a container of ours into the cache. */
async function notice({ cache, noticed }: NodeServices, id: string, sandboxId: string): Promise<void> {
  await cache.read(id, sandboxId)
  noticed(id)
}

async function restartCountOf(
  { files, logFolders }: NodeServices,
  { pod, container, observation }: StartRequest,
): Promise<number> {
  const before = observed(observation, container.name)
  if (before) return before.restartCount + 1
  return files.nextRestartByLogs(`${podLogFolder(logFolders.pods, pod)}/${container.name}`)
}

function targetOf({ container, observation }: StartRequest): string | undefined {
  const name = 'targetContainerName' in container ? container.targetContainerName : undefined
  if (name === undefined || name === '') return undefined
  const target = observed(observation, name)
  if (!target) throw new Error(`unable to find target container ${name}`)
  return target.id
}

/** Under the name that log collectors look for. Nothing depends on it. */
function linkLog(
  { files, log, logFolders }: NodeServices,
  { pod, container }: StartRequest,
  logPath: string,
  id: string,
): void {
  const { name = '', namespace = '' } = pod.metadata
  const target = `${podLogFolder(logFolders.pods, pod)}/${logPath}`
  files.linkLog(target, `${name}_${namespace}_${container.name}-${id}.log`).catch((error: unknown) => {
    log.debug('A container log could not be linked', { pod: name, error })
  })
}

async function postStart(
  services: NodeServices,
  { pod, container }: StartRequest,
  id: string,
): Promise<StartOutcome | undefined> {
  const hook = container.lifecycle?.postStart
  if (!hook) return undefined
  try {
    await runHook(services, hook, pod, container, id)
    return undefined
  } catch (error) {
    services.record(containerReference(pod, container), 'Warning', 'FailedPostStartHook', 'PostStartHook failed')
    await killContainer(services, {
      pod,
      containerId: id,
      containerName: container.name,
      message: 'FailedPostStartHook',
      reason: 'FailedPostStartHook',
    }).catch((failure: unknown) => services.log.warn('A container could not be killed', { error: failure }))
    await services.cache.refresh(id)
    return { reason: 'PostStartHookError', message: descriptionOf(error) }
  }
}
