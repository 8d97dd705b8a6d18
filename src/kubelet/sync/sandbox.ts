import { messageOf } from '#base'
import { podReference } from '#client'
import type { Pod } from '#api/core/v1'
import { formatPod, uidOf } from '../pods/containers.ts'
import { qosOf } from '../resources/pod-resources.ts'
import type { PodSandboxConfig } from '../runtime/records.ts'
import { podDns } from '../sandbox/dns.ts'
import { podHostname } from '../sandbox/hostname.ts'
import { sandboxConfig } from '../sandbox/config.ts'
import type { NodeServices } from '../services.ts'

/** The sandbox that a pod asks for; people are told what of its DNS wishes can't be granted, and when it can't be had. */
export async function configureSandbox(
  services: NodeServices,
  pod: Pod,
  attempt: number,
  runtimeHandler: string,
): Promise<PodSandboxConfig> {
  const { clusterDns, clusterDomain, cgroups, logFolders, record } = services
  const { config: dns, warnings } = podDns(pod, { clusterDns, clusterDomain, host: services.hostDns() }, formatPod(pod))
  for (const { reason, message } of warnings) record(podReference(pod), 'Warning', reason, message)
  try {
    return sandboxConfig({
      pod,
      attempt,
      hostname: podHostname(pod, clusterDomain),
      dns,
      cgroupParent: cgroups.parentOf(uidOf(pod), qosOf(pod)),
      logRoot: logFolders.pods,
      policy: services.resources(),
      security: services.security,
      userNamespace: await services.userRanges.of(pod, runtimeHandler),
    })
  } catch (error) {
    const text = `Failed to create pod sandbox: ${messageOf(error)}`
    record(podReference(pod), 'Warning', 'FailedCreatePodSandBox', text)
    throw error
  }
}

/**
 * Makes the pod's sandbox; what the runtime then has is in the cache.
 *
 * @throws Error when it could not be made; people have been told.
 */
export async function createSandbox(
  services: NodeServices,
  pod: Pod,
  config: PodSandboxConfig,
  runtimeHandler: string,
  signal: AbortSignal,
): Promise<string> {
  const { runtime, record, files, cache, noticed, metrics } = services
  metrics.pods.sandboxAsked(pod)
  let id: string
  try {
    await files.makeLogFolder(config.logDirectory)
    id = await runtime.runPodSandbox(config, runtimeHandler)
  } catch (error) {
    metrics.pods.sandboxFailed(pod)
    if (!signal.aborted) {
      const text = messageOf(error)
      record(podReference(pod), 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${text}`)
    }
    throw error
  }
  try {
    const status = await runtime.podSandboxStatus(id)
    if (!status) throw new Error('pod sandbox status is nil')
    cache.putSandbox(status)
    noticed(id)
  } catch (error) {
    const text = messageOf(error)
    record(podReference(pod), 'Warning', 'FailedPodSandBoxStatus', `Unable to get pod sandbox status: ${text}`)
    throw error
  }
  return id
}
