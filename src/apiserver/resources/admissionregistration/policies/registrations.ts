import type { Draft } from '#api'
import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  ParamKind,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from '#api/admissionregistration/v1'
import { excludeFields } from '#machinery'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { raiseGenerationWithSpec, startGeneration } from '../../common/generation.ts'
import { keepMetadata } from '../../common/status-metadata.ts'
import { warningsForStaticSuffix } from '../static-suffix.ts'
import { checkBinding, checkPolicy, orRefusal } from './authorize.ts'
import { bindingColumns, validateMutatingBinding, validateValidatingBinding } from './bindings.ts'
import { defaultMatchResources } from './match-resources.ts'
import { validatePolicyStatus } from './status.ts'
import { validateMutatingPolicy, validateValidatingPolicy } from './validation.ts'

const place = 'admissionregistration/v1'

const common = {
  allowUnconditionalUpdate: false,
  prepareForCreate: startGeneration,
  prepareForUpdate: raiseGenerationWithSpec,
  warningsOnCreate: warningsForStaticSuffix,
  warningsOnUpdate: warningsForStaticSuffix,
}

const kindOf = (kind: ParamKind | undefined): string =>
  kind ? `${kind.apiVersion ?? ''}/${kind.kind ?? ''}` : '<unset>'

const validatingPolicies: ResourceRegistration = {
  place,
  plural: 'validatingadmissionpolicies',
  strategy: strategy<ValidatingAdmissionPolicy>({
    ...common,
    check: checkPolicy,
    validate: (policy) => orRefusal(policy, validateValidatingPolicy(policy, undefined)),
    validateUpdate: (policy, old) => orRefusal(policy, validateValidatingPolicy(policy, old)),
  }),
  defaults: defaults<ValidatingAdmissionPolicy>(({ spec }) => {
    spec.failurePolicy ??= 'Fail'
    defaultMatchResources(spec.matchConstraints)
  }),
  updates: {
    status: strategy<ValidatingAdmissionPolicy>({
      prepareForUpdate(draft, old) {
        draft.spec = old.spec as Draft<ValidatingAdmissionPolicy>['spec']
        keepMetadata(draft, old)
      },
      createsWhenApplied: true,
      validateUpdate: validatePolicyStatus,
      resetFields: excludeFields(['metadata'], ['spec']),
    }),
  },
  columns: tableColumns<ValidatingAdmissionPolicy>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Validations', type: 'integer' },
      { name: 'ParamKind', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (policy, now) => {
      const { validations, paramKind } = policy.spec
      return {
        cells: [policy.metadata.name ?? '', (validations ?? []).length, kindOf(paramKind), ageOf(policy, now)],
      }
    },
  ),
}

const mutatingPolicies: ResourceRegistration = {
  place,
  plural: 'mutatingadmissionpolicies',
  strategy: strategy<MutatingAdmissionPolicy>({
    ...common,
    check: checkPolicy,
    validate: (policy) => orRefusal(policy, validateMutatingPolicy(policy, undefined)),
    validateUpdate: (policy, old) => orRefusal(policy, validateMutatingPolicy(policy, old)),
  }),
  defaults: defaults<MutatingAdmissionPolicy>(({ spec }) => {
    spec.failurePolicy ??= 'Fail'
    defaultMatchResources(spec.matchConstraints)
  }),
  columns: tableColumns<MutatingAdmissionPolicy>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Mutations', type: 'integer' },
      { name: 'ParamKind', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (policy, now) => {
      const { mutations, paramKind } = policy.spec
      return { cells: [policy.metadata.name ?? '', (mutations ?? []).length, kindOf(paramKind), ageOf(policy, now)] }
    },
  ),
}

export const policyRegistrations: readonly ResourceRegistration[] = [
  validatingPolicies,
  mutatingPolicies,
  {
    place,
    plural: 'validatingadmissionpolicybindings',
    strategy: strategy<ValidatingAdmissionPolicyBinding>({
      ...common,
      check: (binding, _old, context) => checkBinding('validatingadmissionpolicies', binding, context),
      validate: (binding) => orRefusal(binding, validateValidatingBinding(binding)),
      validateUpdate: (binding) => orRefusal(binding, validateValidatingBinding(binding)),
    }),
    defaults: defaults<ValidatingAdmissionPolicyBinding>(({ spec }) => defaultMatchResources(spec.matchResources)),
    columns: bindingColumns,
  },
  {
    place,
    plural: 'mutatingadmissionpolicybindings',
    strategy: strategy<MutatingAdmissionPolicyBinding>({
      ...common,
      check: (binding, _old, context) => checkBinding('mutatingadmissionpolicies', binding, context),
      validate: (binding) => orRefusal(binding, validateMutatingBinding(binding)),
      validateUpdate: (binding) => orRefusal(binding, validateMutatingBinding(binding)),
    }),
    defaults: defaults<MutatingAdmissionPolicyBinding>(({ spec }) => defaultMatchResources(spec.matchResources)),
    columns: bindingColumns,
  },
]
