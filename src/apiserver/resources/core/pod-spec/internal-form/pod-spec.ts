import type { EphemeralContainer, PodSpec } from '#api/core/v1'
import { unifiedDiff } from './unified-diff.ts'
import { internalForm } from './internal-form.ts'

/** What differs between two pod specs, as a unified diff of their internal forms. */
export function diffPodSpecs(old: PodSpec, changed: PodSpec): string {
  return unifiedDiff(linesOf(internalPodSpec(old)), linesOf(internalPodSpec(changed)))
}

export function diffEphemeralContainers(old: EphemeralContainer, changed: EphemeralContainer): string {
  const show = (container: EphemeralContainer): string => linesOf(internalForm('EphemeralContainer', container))
  return unifiedDiff(show(old), show(changed))
}

/** What the pod shares with its host is part of its security context inside of the server. */
function internalPodSpec(spec: PodSpec): object {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers } = spec
  const host = { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers }
  return internalForm('PodSpec', { ...spec, securityContext: { ...spec.securityContext, ...host } })
}

/** Indented JSON in the server's own way: what could end a script in a page is escaped. */
function linesOf(value: object): string {
  return JSON.stringify(value, undefined, 1)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
}
