import type { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from '#api/admissionregistration/v1'
import { StatusError } from '#machinery'
import type { Services } from '../../../services.ts'
import type { AdmissionAttributes, AdmissionPlugin } from '../../admission.ts'
import { refused } from '../../refusal.ts'
import { isExempt } from '../webhooks/match.ts'
import { boundPolicies } from './bound.ts'
import { CompiledPolicy } from './evaluate.ts'
import type { Failure } from './evaluate.ts'
import { endpointFor } from './match.ts'
import { parametersOf } from './params.ts'
import { requestValues, valueOf } from './request.ts'
import type { RequestValues } from './request.ts'

interface Bound {
  readonly policy: ValidatingAdmissionPolicy
  readonly binding: ValidatingAdmissionPolicyBinding
  readonly compiled: CompiledPolicy
}

/** Holds requests to the policies of the cluster, which say in CEL what must be (KEP-3488). */
export function validatingAdmissionPolicy(services: Services): Omit<AdmissionPlugin, 'name'> {
  const bound = boundPolicies<ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding, CompiledPolicy>(
    services,
    'validatingadmissionpolicies',
    (policy) => new CompiledPolicy(policy),
  )
  return {
    operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
    validate(attributes) {
      const all = bound()
      if (all.length === 0 || isExempt(attributes)) return
      return judge(all, attributes, services)
    },
  }
}

async function judge(all: readonly Bound[], attributes: AdmissionAttributes, services: Services): Promise<void> {
  const requests = requestValues(attributes, services)
  let refusal: StatusError | undefined
  for (const bound of all) {
    const next = await refusalOf(bound, requests, attributes, services)
    refusal ??= next
  }
  if (refusal) throw refusal
}

/** Why a policy does not let the request through, if it does not. */
async function refusalOf(
  bound: Bound,
  requests: RequestValues,
  attributes: AdmissionAttributes,
  services: Services,
): Promise<StatusError | undefined> {
  const { policy, binding, compiled } = bound
  const { matchConstraints, paramKind, failurePolicy } = policy.spec
  const endpoint = matchConstraints && endpointFor(matchConstraints, attributes, services)
  if (!endpoint) return undefined
  if (binding.spec.matchResources && !endpointFor(binding.spec.matchResources, attributes, services)) return undefined
  const parameters = parametersOf(paramKind, binding.spec.paramRef, attributes.namespace, services)
  if ('error' in parameters) {
    // What a binding wants done with failures is about validations, not about itself.
    const why = `failed to configure binding: ${parameters.error}`
    return failurePolicy === 'Ignore' ? undefined : denial(bound, why, 'Invalid', attributes)
  }
  const request = await requests(endpoint)
  const failures = parameters.objects.flatMap((params) => compiled.evaluate(request, valueOf(params)) ?? [])
  const refusals = failures.map((failure) => act(bound, failure, attributes))
  return refusals.find((refusal) => refusal !== undefined)
}

const codes: { readonly [reason: string]: number } = {
  Unauthorized: 401,
  Forbidden: 403,
  Invalid: 422,
  RequestEntityTooLarge: 413,
}

/** Does with a failure what the binding says; a refusal is for the caller to throw. */
function act(bound: Bound, failure: Failure, attributes: AdmissionAttributes): StatusError | undefined {
  const { index: expressionIndex, message, reason } = failure
  const { metadata, spec } = bound.binding
  const { policyName: policy, validationActions } = spec
  const { warnings, notes } = attributes.context
  if (validationActions.includes('Warn')) warnings.add(`Validation failed for ${namesOf(bound)}: ${message}`)
  if (validationActions.includes('Audit')) {
    const told = [{ message, policy, binding: metadata.name ?? '', expressionIndex, validationActions }]
    notes.annotate('validation.policy.admission.k8s.io/validation_failure', JSON.stringify(told))
  }
  return validationActions.includes('Deny') ? denial(bound, message, reason, attributes) : undefined
}

const namesOf = ({ policy, binding }: Bound): string =>
  `ValidatingAdmissionPolicy '${policy.metadata.name ?? ''}' with binding '${binding.metadata.name ?? ''}'`

function denial(bound: Bound, message: string, reason: string, attributes: AdmissionAttributes): StatusError {
  const why = `${namesOf(bound)} denied request: ${message}`
  const { status } = refused(attributes, why)
  return new StatusError({
    ...status,
    reason,
    code: codes[reason] ?? 422,
    details: { ...status.details, causes: [...(status.details?.causes ?? []), { message: why }] },
  })
}
