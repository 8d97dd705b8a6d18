import type {
  MutatingAdmissionPolicyBinding,
  ParamRef,
  ValidatingAdmissionPolicyBinding,
} from '#api/admissionregistration/v1'
import type { LabelSelector } from '#api/meta/v1'
import {
  duplicate,
  invalidValue,
  nameIsDNSSubdomain,
  notSupported,
  Path,
  required,
  validateObjectMeta,
} from '#machinery'
import type { FieldError } from '#machinery'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import type { TableColumns } from '../../../table/columns.ts'
import { validateMatchResources, validateMutatingOperations } from './match-resources.ts'
import { validateParamRef } from './params.ts'

const spec = Path.of('spec')
const actions = ['Audit', 'Deny', 'Warn']

type Binding = ValidatingAdmissionPolicyBinding | MutatingAdmissionPolicyBinding

function validateCommon({ metadata, spec: wanted }: Binding): readonly FieldError[] {
  const { policyName = '', paramRef, matchResources } = wanted
  const at = spec.child('policyName')
  return [
    ...validateObjectMeta(metadata, { namespaced: false, name: nameIsDNSSubdomain }, Path.of('metadata')),
    ...(policyName === ''
      ? [required(at)]
      : nameIsDNSSubdomain(policyName, false).map((problem) => invalidValue(at, policyName, problem))),
    ...validateParamRef(paramRef, spec.child('paramRef')),
    ...validateMatchResources(matchResources, spec.child('matchResources')),
  ]
}

export function validateValidatingBinding(binding: ValidatingAdmissionPolicyBinding): readonly FieldError[] {
  return [
    ...validateCommon(binding),
    ...validateActions(binding.spec.validationActions ?? [], spec.child('validationActions')),
  ]
}

export function validateMutatingBinding(binding: MutatingAdmissionPolicyBinding): readonly FieldError[] {
  return [
    ...validateCommon(binding),
    ...validateMutatingOperations(binding.spec.matchResources, spec.child('matchResources')),
  ]
}

function validateActions(wanted: readonly string[], at: Path): readonly FieldError[] {
  const seen = new Set<string>()
  const errors: FieldError[] = []
  for (const [index, action] of wanted.entries()) {
    if (!actions.includes(action)) errors.push(notSupported(at.index(index), action, actions))
    if (seen.has(action)) errors.push(duplicate(at.index(index), action))
    seen.add(action)
  }
  if (seen.has('Deny') && seen.has('Warn')) {
    const why =
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)'
    errors.push(invalidValue(at, wanted, why))
  }
  return seen.size === 0 ? [...errors, required(at, 'at least one validation action is required')] : errors
}

export const bindingColumns: TableColumns = tableColumns<Binding>(
  [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'PolicyName', type: 'string' },
    { name: 'ParamRef', type: 'string' },
    { name: 'Age', type: 'string' },
  ],
  (binding, now) => ({
    cells: [
      binding.metadata.name ?? '',
      binding.spec.policyName ?? '',
      refOf(binding.spec.paramRef),
      ageOf(binding, now),
    ],
  }),
)

function refOf(ref: ParamRef | undefined): string {
  if (ref?.name) return `${ref.namespace || '*'}/${ref.name}`
  return ref?.selector ? dumpSelector(ref.selector) : '<unset>'
}

/** A selector as Go dumps it. */
function dumpSelector({ matchLabels = {}, matchExpressions }: LabelSelector): string {
  const labels = Object.entries(matchLabels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`)
  const expressions = (matchExpressions ?? []).map(
    ({ key, operator, values }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${(values ?? []).join(' ')}],},`,
  )
  const list = `[]LabelSelectorRequirement{${expressions.join('')}}`
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:${list},}`
}
