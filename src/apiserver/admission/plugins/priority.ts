import type { Draft } from '#api'
import type { Pod } from '#api/core/v1'
import type { PriorityClass } from '#api/scheduling/v1'
import type { Services } from '../../services.ts'
import type { AdmissionAttributes, AdmissionPlugin } from '../admission.ts'
import { draftOf, isAbout, oldOf, refused } from '../refusal.ts'

const group = 'scheduling.k8s.io'

/** Turns names of priority classes into numbers, and sees that only one class is the default. */
export function priority(services: Services): Omit<AdmissionPlugin, 'name'> {
  return {
    operations: ['CREATE', 'UPDATE'],
    resources: ['/pods', `${group}/priorityclasses`],
    admit(attributes) {
      if (!isAbout(attributes, '', 'pods')) return
      const { spec } = draftOf<Pod>(attributes)
      if (attributes.operation === 'UPDATE') keepPriority(spec, oldOf<Pod>(attributes)?.spec)
      else setPriority(services, spec, attributes)
    },
    validate(attributes) {
      if (!isAbout(attributes, group, 'priorityclasses')) return
      const { globalDefault, metadata } = draftOf<PriorityClass>(attributes)
      if (!globalDefault) return
      const known = defaultClass(services)?.metadata.name
      if (known !== undefined && (attributes.operation === 'CREATE' || known !== metadata.name))
        throw refused(attributes, `PriorityClass ${known} is already marked as default. Only one default can exist`)
    },
  }
}

/** Writers that know nothing of priorities keep them. */
function keepPriority(spec: Draft<Pod>['spec'], old: Pod['spec'] | undefined): void {
  if (old?.priority !== undefined) spec.priority ??= old.priority
  if (old?.preemptionPolicy !== undefined) spec.preemptionPolicy ??= old.preemptionPolicy
}

function setPriority(services: Services, spec: Draft<Pod>['spec'], attributes: AdmissionAttributes): void {
  const found = spec.priorityClassName ? classOf(services, spec.priorityClassName, attributes) : defaultClass(services)
  const value = found?.value ?? 0
  const policy = found ? found.preemptionPolicy : 'PreemptLowerPriority'
  if (found?.metadata.name !== undefined) spec.priorityClassName = found.metadata.name
  if (spec.priority !== undefined && spec.priority !== value)
    throw refused(
      attributes,
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
    )
  spec.priority = value
  if (policy === undefined) return
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy)
    throw refused(
      attributes,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
    )
  spec.preemptionPolicy = policy
}

function classOf({ peek }: Services, name: string, attributes: AdmissionAttributes): PriorityClass {
  const found = peek<PriorityClass>(group, 'priorityclasses', '', name)
  if (!found) throw refused(attributes, `no PriorityClass with name ${name} was found`)
  return found
}

/** Of several defaults, which a race can leave, the lowest. */
function defaultClass({ peekAll }: Services): PriorityClass | undefined {
  let lowest: PriorityClass | undefined
  for (const each of peekAll<PriorityClass>(group, 'priorityclasses', '')) {
    if (each.globalDefault && (!lowest || (each.value ?? 0) < (lowest.value ?? 0))) lowest = each
  }
  return lowest
}
