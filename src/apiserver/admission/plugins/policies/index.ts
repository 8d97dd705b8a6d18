import type { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from '#api/admissionregistration/v1'
import { StatusError } from '#machinery'
import type { PolicyName } from '../../../metrics/policies.ts'
import type { Services } from '../../../services.ts'
import type { AdmissionAttributes, AdmissionPlugin } from '../../admission.ts'
import { refused } from '../../refusal.ts'
import { Rights } from '../../rights.ts'
import { isExempt } from '../webhooks/match.ts'
import { AuditAnnotations } from './annotations.ts'
import { boundPolicies } from './bound.ts'
import { CompiledPolicy } from './evaluate.ts'
import type { Failure } from './evaluate.ts'
import { endpointFor } from './match.ts'
import { misconfiguration, parametersOf } from './params.ts'
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
  const rights = new Rights(services.authorizer, attributes)
  const requests = requestValues(attributes, services, rights)
  const annotations = new Map<string, AuditAnnotations>()
  let refusal: StatusError | undefined
  for (const bound of all) {
    const name = bound.policy.metadata.name ?? ''
    let own = annotations.get(name)
    if (!own) annotations.set(name, (own = new AuditAnnotations()))
    const next = await refusalOf(bound, { requests, rights, annotations: own, attributes, services })
    refusal ??= next
  }
  for (const [name, own] of annotations)
    own.publish(name, (key, value) => attributes.context.notes.annotate(key, value))
  if (refusal) throw refusal
}

/** One request that policies look at. */
interface Case {
  readonly requests: RequestValues
  readonly rights: Rights
  readonly annotations: AuditAnnotations
  readonly attributes: AdmissionAttributes
  readonly services: Services
}

/** Why a policy does not let the request through, if it does not. */
async function refusalOf(bound: Bound, one: Case): Promise<StatusError | undefined> {
  const { policy, binding, compiled } = bound
  const { attributes, services } = one
  const { clock, metrics } = services
  const { matchConstraints, paramKind, failurePolicy } = policy.spec
  const endpoint = matchConstraints && endpointFor(matchConstraints, attributes, services)
  if (!endpoint) return undefined
  const wrong = misconfiguration(paramKind, services)
  if (wrong !== undefined)
    return failurePolicy === 'Ignore' ? undefined : denial(policyName(bound), wrong, 'Invalid', attributes)
  if (binding.spec.matchResources && !endpointFor(binding.spec.matchResources, attributes, services)) return undefined
  const parameters = parametersOf(paramKind, binding.spec.paramRef, attributes.namespace, services)
  if ('error' in parameters) {
    // What a binding wants done with failures is about validations, not about itself.
    const why = `failed to configure binding: ${parameters.error}`
    return failurePolicy === 'Ignore' ? undefined : denial(namesOf(bound), why, 'Invalid', attributes)
  }
  const request = await one.requests(endpoint)
  const refusals: (StatusError | undefined)[] = []
  for (const params of parameters.objects) {
    const began = clock.monotonic()
    const name = policy.metadata.name ?? ''
    const conditions = { kind: 'policy', name, operation: attributes.operation, type: 'validate' } as const
    const conditioned = (errors: number): void =>
      metrics.conditions.evaluated(conditions, clock.monotonic() - began, errors)
    const judged = await one.rights.settled(() => compiled.evaluate(request, valueOf(params), conditioned))
    const took = clock.monotonic() - began
    const failed = (action: string, why: string): void => metrics.policies.failed(nameOf(bound), action, why, took)
    for (const failure of judged.failures) {
      for (const action of binding.spec.validationActions) failed(action, failure.message)
      refusals.push(act(bound, failure, attributes))
    }
    for (const [key, value] of judged.annotations) one.annotations.add(key, value)
    for (const why of judged.annotationErrors) {
      failed('Deny', why)
      refusals.push(denial(namesOf(bound), why, 'Invalid', attributes))
    }
  }
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
  return validationActions.includes('Deny') ? denial(namesOf(bound), message, reason, attributes) : undefined
}

const nameOf = ({ policy, binding }: Bound): PolicyName => ({
  policy: policy.metadata.name ?? '',
  binding: binding.metadata.name ?? '',
})
const policyName = ({ policy }: Bound): string => `ValidatingAdmissionPolicy '${policy.metadata.name ?? ''}'`
const namesOf = (bound: Bound): string => `${policyName(bound)} with binding '${bound.binding.metadata.name ?? ''}'`

function denial(names: string, message: string, reason: string, attributes: AdmissionAttributes): StatusError {
  const why = `${names} denied request: ${message}`
  const { status } = refused(attributes, why)
  return new StatusError({
    ...status,
    reason,
    code: codes[reason] ?? 422,
    details: { ...status.details, causes: [...(status.details?.causes ?? []), { message: why }] },
  })
}
