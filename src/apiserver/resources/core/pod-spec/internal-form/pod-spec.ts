import type { EphemeralContainer, PodSpec } from '#api/core/v1'
import { diffForms, linesOf } from './diff.ts'
import { internalForm } from './internal-form.ts'
import { unifiedDiff } from './unified-diff.ts'

/** What differs between two pod specs, as a unified diff of their internal forms. */
export function diffPodSpecs(old: PodSpec, changed: PodSpec): string {
  return unifiedDiff(linesOf(internalPodSpec(old)), linesOf(internalPodSpec(changed)))
}

export function diffEphemeralContainers(old: EphemeralContainer, changed: EphemeralContainer): string {
  return diffForms('EphemeralContainer', old, changed)
}

/** A pod spec's internal form: what the pod shares with its host is part of its security context. */
export function internalPodSpec(spec: PodSpec): object {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers } = spec
  const host = { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers }
  return internalForm('PodSpec', { ...spec, securityContext: { ...spec.securityContext, ...host } })
}
