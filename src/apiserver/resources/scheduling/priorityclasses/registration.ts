import type { PriorityClass } from '#api/scheduling/v1'
import { fieldForbidden, forbidden, nameIsDNSSubdomain, notSupported, Path, required, named } from '#machinery'
import type { FieldError } from '#machinery'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { startGeneration } from '../../common/generation.ts'
import { immutable } from '../../common/values.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const atPolicy = Path.of('preemptionPolicy')

export const priorityClassesRegistration: ResourceRegistration = {
  place: 'scheduling/v1',
  plural: 'priorityclasses',
  strategy: strategy<PriorityClass>({
    prepareForCreate: startGeneration,
    validate,
    validateUpdate: (priorityClass, old) => [
      ...validateObjectMetaUpdate(priorityClass.metadata, old.metadata, metadata),
      ...((priorityClass.value ?? 0) === (old.value ?? 0)
        ? []
        : [fieldForbidden('value', 'may not be changed in an update.')]),
      ...immutable(
        atPolicy,
        priorityClass.preemptionPolicy,
        old.preemptionPolicy,
        named(priorityClass.preemptionPolicy),
      ),
    ],
    checkDeletable(name) {
      const resource = { group: 'scheduling.k8s.io', resource: 'priorityclasses' }
      const why = 'this is a system priority class and cannot be deleted'
      if (Object.hasOwn(systemValues, name)) throw forbidden(resource, name, why)
    },
  }),
  defaults: defaults<PriorityClass>((draft) => {
    draft.preemptionPolicy ??= 'PreemptLowerPriority'
  }),
  columns: tableColumns<PriorityClass>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Value', type: 'integer' },
      { name: 'Global-Default', type: 'boolean' },
      { name: 'Age', type: 'string' },
      { name: 'PreemptionPolicy', type: 'string' },
    ],
    (priorityClass, now) => {
      const { value = 0, globalDefault = false, preemptionPolicy = '' } = priorityClass
      const name = priorityClass.metadata.name ?? ''
      return { cells: [name, value, globalDefault, ageOf(priorityClass, now), preemptionPolicy] }
    },
  ),
}

const highestOfUsers = 1_000_000_000
const systemPrefix = 'system-'
const systemValues: { readonly [name: string]: number } = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
}
const policies = ['PreemptLowerPriority', 'Never']

function validate(priorityClass: PriorityClass): readonly FieldError[] {
  const { value = 0, preemptionPolicy } = priorityClass
  const { name = '' } = priorityClass.metadata
  const errors = [
    ...validateObjectMeta(priorityClass.metadata, { namespaced: false, name: nameIsDNSSubdomain }, metadata),
  ]
  if (name.startsWith(systemPrefix)) {
    const problem = systemProblem(priorityClass, name)
    if (problem !== undefined) {
      const why = `priority class names with '${systemPrefix}' prefix are reserved for system use only. error: ${problem}`
      errors.push(fieldForbidden(metadata.child('name'), why))
    }
  } else if (value > highestOfUsers) {
    errors.push(fieldForbidden('value', `maximum allowed value of a user defined priority is ${highestOfUsers}`))
  }
  if ((preemptionPolicy as string) === '') errors.push(required(atPolicy))
  else if (preemptionPolicy !== undefined && !policies.includes(preemptionPolicy))
    errors.push(notSupported(atPolicy, preemptionPolicy, policies))
  return errors
}

function systemProblem({ value = 0, globalDefault = false }: PriorityClass, name: string): string | undefined {
  const wanted = systemValues[name]
  if (wanted === undefined) return `${name} is not a known system priority class`
  if (value !== wanted) return `value of ${name} PriorityClass must be ${wanted}`
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined
}
