import type { Affinity, PodSpec, PodTemplateSpec } from '#api/core/v1'
import type { ObjectMeta } from '#api/meta/v1'
import { isLabelValue, Path, validateLabelSelector } from '#machinery'
import { deletionCostIsValid } from './validation/deletion-cost.ts'
import { validateMatchLabelKeys } from './validation/label-keys.ts'
import { validateAffinityTermSelectors } from './validation/pod-affinity.ts'
import { isDivisibleHugePages } from './validation/huge-pages.ts'
import { validateLocalNonReservedPath } from './validation/paths.ts'
import { hostSysctlError } from './validation/sysctls.ts'
import { isHugePages } from '../resource-names.ts'
import { containersOf, isSidecar } from './visit.ts'

/**
 * Where validation is looser than the rules: what an object got past earlier rules with, it may keep. For a new object
 * everything but `isPod` and `onlyRecursiveSELinuxChange` is false.
 */
export interface PodValidationOptions {
  /** The object is a pod itself, not a template of pods. */
  readonly isPod: boolean
  readonly allowInvalidDeletionCost: boolean
  readonly allowInvalidLabelValueInSelector: boolean
  readonly allowInvalidLabelValueInNodeAffinity: boolean
  readonly allowInvalidSpreadSelector: boolean
  readonly allowIndivisibleHugePages: boolean
  readonly allowNonLocalTokenPath: boolean
  readonly allowNamespacedSysctlsOnHost: boolean
  readonly allowRestartContainerOfInit: boolean
  readonly allowUserNamespacesWithDevices: boolean
  readonly allowUserNamespacesOnHostNetwork: boolean
  readonly allowTolerationComparison: boolean
  readonly legacyMatchLabelKeys: boolean
  readonly onlyRecursiveSELinuxChange: boolean
}

/** Options for a template; `old` is the one that stands, if any. */
export function podTemplateOptions(old: PodTemplateSpec | undefined): PodValidationOptions {
  return podOptions(old?.spec, old?.metadata, false)
}

/** Options for a pod (`isPod`) or a template, by what stands. */
export function podOptions(
  old: PodSpec | undefined,
  oldMeta: ObjectMeta | undefined,
  isPod: boolean,
): PodValidationOptions {
  return {
    isPod,
    allowInvalidDeletionCost: oldMeta !== undefined && !deletionCostIsValid(oldMeta.annotations),
    allowInvalidLabelValueInSelector: old !== undefined && hasInvalidAffinitySelector(old.affinity),
    allowInvalidLabelValueInNodeAffinity: old !== undefined && hasInvalidNodeAffinityValue(old.affinity),
    allowInvalidSpreadSelector: (old?.topologySpreadConstraints ?? []).some(
      ({ labelSelector }) => validateLabelSelector(labelSelector, anywhere).length > 0,
    ),
    allowIndivisibleHugePages: old !== undefined && hasIndivisibleHugePages(old),
    allowNonLocalTokenPath: old !== undefined && hasNonLocalTokenPath(old),
    allowNamespacedSysctlsOnHost: (old?.securityContext?.sysctls ?? []).some(
      ({ name }) => old && hostSysctlError(name, old, anywhere) !== undefined,
    ),
    allowRestartContainerOfInit: (old?.initContainers ?? []).some(
      (container) =>
        !isSidecar(container) &&
        (container.resizePolicy ?? []).some(({ restartPolicy }) => restartPolicy === 'RestartContainer'),
    ),
    allowUserNamespacesWithDevices:
      old?.hostUsers === false && containersOf(old).some(({ volumeDevices }) => (volumeDevices ?? []).length > 0),
    allowUserNamespacesOnHostNetwork: old?.hostUsers === false && old.hostNetwork === true,
    allowTolerationComparison: (old?.tolerations ?? []).some(({ operator }) => operator === 'Lt' || operator === 'Gt'),
    legacyMatchLabelKeys: (old?.topologySpreadConstraints ?? []).some(
      ({ matchLabelKeys, labelSelector }) =>
        validateMatchLabelKeys(anywhere, matchLabelKeys, undefined, labelSelector).length > 0,
    ),
    onlyRecursiveSELinuxChange: old?.securityContext?.seLinuxChangePolicy === undefined,
  }
}

/** Where a rule is only asked whether it holds. */
const anywhere = Path.of('old')

function hasInvalidAffinitySelector(affinity: Affinity | undefined): boolean {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].some((one) =>
    [
      ...(one?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(one?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
    ].some((term) => validateAffinityTermSelectors(term, false, anywhere).length > 0),
  )
}

function hasInvalidNodeAffinityValue(affinity: Affinity | undefined): boolean {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  return terms.some((term) =>
    (term.matchExpressions ?? []).some(({ values }) => (values ?? []).some((value) => isLabelValue(value).length > 0)),
  )
}

function hasIndivisibleHugePages(spec: PodSpec): boolean {
  const lists = [
    ...containersOf(spec).flatMap(({ resources }) => [resources?.limits, resources?.requests]),
    spec.overhead,
  ]
  return lists.some((list) =>
    Object.entries(list ?? {}).some(([name, amount]) => isHugePages(name) && !isDivisibleHugePages(name, amount)),
  )
}

function hasNonLocalTokenPath({ volumes = [] }: PodSpec): boolean {
  return volumes.some(({ projected }) =>
    (projected?.sources ?? []).some(
      ({ serviceAccountToken }) =>
        serviceAccountToken !== undefined &&
        validateLocalNonReservedPath(serviceAccountToken.path, anywhere).length > 0,
    ),
  )
}
