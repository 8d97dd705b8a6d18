import type { Container, Pod, PodAffinityTerm, ScopedResourceSelectorRequirement } from '#api/core/v1'
import { addInto, amountsOf, podAmounts } from '#machinery'
import type { Amounts, Quantity } from '#machinery'
import { one } from '../amounts.ts'
import { countName } from '../evaluator.ts'
import type { QuotaEvaluator } from '../evaluator.ts'
import { extendedOf, isExtended, requestsOf } from '../extended.ts'
import { matchesValue } from '../scopes.ts'

const count = countName('', 'pods')
const computed = ['cpu', 'memory', 'ephemeral-storage']
const names: ReadonlySet<string> = new Set([
  count,
  'pods',
  ...computed.flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
])
/** What every container has to say where a quota asks for it. */
const required: ReadonlySet<string> = new Set([
  'cpu',
  'memory',
  'requests.cpu',
  'requests.memory',
  'limits.cpu',
  'limits.memory',
])

/** A pod in the midst of a resize is charged for the most of it. */
const inUse = { overhead: true, resized: 'containers' } as const

export const podEvaluator: QuotaEvaluator = {
  handles({ operation, subresource, object, oldObject }) {
    if (subresource === 'resize') return operation === 'UPDATE'
    if (subresource !== '') return false
    return operation === 'CREATE' || (!!oldObject && isTerminating(oldObject as Pod) !== isTerminating(object as Pod))
  },
  covers: (name) =>
    names.has(name) ||
    name.startsWith('hugepages-') ||
    name.startsWith('requests.hugepages-') ||
    extendedOf(name) !== undefined,
  usage(object, now) {
    const pod = object as Pod
    const used = new Map([[count, one]])
    if (isOver(pod, now)) return used
    used.set('pods', one)
    addInto(used, quotaAmounts(podAmounts(pod, 'requests', inUse), podAmounts(pod, 'limits', inUse)))
    return used
  },
  matchesScope: (scope, object) => matchesScope(scope, object as Pod),
  missing(wanted, object) {
    const { spec } = object as Pod
    if (spec.resources !== undefined && Object.keys(spec.resources).length > 0) return undefined
    const byName = new Map<string, Set<string>>()
    for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
      for (const name of missingIn(container, wanted)) {
        const containers = byName.get(name) ?? new Set()
        byName.set(name, containers.add(container.name))
      }
    }
    if (byName.size === 0) return undefined
    const parts = [...byName.keys()]
      .sort()
      .map((name) => `${name} for: ${[...(byName.get(name) ?? [])].sort().join(',')}`)
    return `must specify ${parts.join('; ')}`
  },
}

function missingIn({ resources }: Container, wanted: ReadonlySet<string>): readonly string[] {
  const said = quotaAmounts(amountsOf(resources?.requests), amountsOf(resources?.limits))
  return [...wanted].filter((name) => required.has(name) && !said.has(name))
}

/** Requests and limits under the names that quotas have for them. */
function quotaAmounts(requests: Amounts, limits: Amounts): Amounts {
  const named = new Map<string, Quantity>()
  for (const [name, amount] of requests) {
    const plain = computed.includes(name) || name.startsWith('hugepages-')
    if (plain) named.set(name, amount)
    if (plain || isExtended(name)) named.set(requestsOf(name), amount)
  }
  for (const name of computed) {
    const limit = limits.get(name)
    if (limit) named.set(`limits.${name}`, limit)
  }
  return named
}

/** Pods that ended, or should have been gone by now, use nothing. */
function isOver({ metadata, status }: Pod, now: number): boolean {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return true
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return false
  return now > Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000
}

function matchesScope(scope: ScopedResourceSelectorRequirement, pod: Pod): boolean {
  switch (scope.scopeName) {
    case 'Terminating':
      return isTerminating(pod)
    case 'NotTerminating':
      return !isTerminating(pod)
    case 'BestEffort':
      return isBestEffort(pod)
    case 'NotBestEffort':
      return !isBestEffort(pod)
    case 'PriorityClass':
      return matchesValue(scope, pod.spec.priorityClassName || undefined)
    case 'CrossNamespacePodAffinity':
      return looksAcrossNamespaces(pod)
    default:
      return false
  }
}

const isTerminating = ({ spec }: Pod): boolean => (spec.activeDeadlineSeconds ?? -1) >= 0

function isBestEffort({ spec, status }: Pod): boolean {
  if (status?.qosClass) return status.qosClass === 'BestEffort'
  const amounts = [spec, ...(spec.containers ?? []), ...(spec.initContainers ?? [])].flatMap(({ resources }) => [
    ...amountsOf(resources?.requests),
    ...amountsOf(resources?.limits),
  ])
  return !amounts.some(([name, amount]) => (name === 'cpu' || name === 'memory') && amount.sign() > 0)
}

function looksAcrossNamespaces({ spec: { affinity } }: Pod): boolean {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].some((one) => {
    const terms: readonly PodAffinityTerm[] = [
      ...(one?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(one?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
    ]
    return terms.some(
      ({ namespaces = [], namespaceSelector }) => namespaces.length > 0 || namespaceSelector !== undefined,
    )
  })
}
