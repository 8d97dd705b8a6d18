import type { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from '#api/admissionregistration/v1'
import type { Namespace } from '#api/core/v1'
import { StatusError } from '#machinery'
import type { CelValue, KubeObject } from '#machinery'
import { celValueOf } from '../../../customresources/cel/values.ts'
import { followed } from '../../../registry/followed.ts'
import { newUid } from '../../../registry/metadata.ts'
import type { Services } from '../../../services.ts'
import type { AdmissionAttributes, AdmissionPlugin } from '../../admission.ts'
import { refused } from '../../refusal.ts'
import { valuesOf } from '../webhooks/conditions.ts'
import { isExempt } from '../webhooks/match.ts'
import { reviewOf, versioned } from '../webhooks/review.ts'
import { CompiledPolicy } from './evaluate.ts'
import type { Failure } from './evaluate.ts'
import { endpointFor } from './match.ts'
import { parametersOf } from './params.ts'

const group = 'admissionregistration.k8s.io'

interface Bound {
  readonly policy: ValidatingAdmissionPolicy
  readonly binding: ValidatingAdmissionPolicyBinding
  readonly compiled: CompiledPolicy
}

/** Holds requests to the policies of the cluster, which say in CEL what must be (KEP-3488). */
export function validatingAdmissionPolicy(services: Services): Omit<AdmissionPlugin, 'name'> {
  const bound = boundPolicies(services)
  return {
    operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
    validate(attributes) {
      const all = bound()
      if (all.length === 0 || isExempt(attributes)) return
      return judge(all, attributes, services)
    },
  }
}

function boundPolicies(services: Services): () => readonly Bound[] {
  const policies = followed<ValidatingAdmissionPolicy>(services, group, 'validatingadmissionpolicies')
  const bindings = followed<ValidatingAdmissionPolicyBinding>(services, group, 'validatingadmissionpolicybindings')
  let version = -1
  let known: readonly Bound[] = []
  return () => {
    const now = policies.version + bindings.version
    if (now !== version) {
      version = now
      const compiled = new Map(
        [...policies.all('')].map((policy) => [policy.metadata.name, new CompiledPolicy(policy)]),
      )
      known = [...bindings.all('')].flatMap((binding) => {
        const policy = policies.peek('', binding.spec.policyName)
        const program = policy && compiled.get(policy.metadata.name)
        return policy && program ? [{ policy, binding, compiled: program }] : []
      })
    }
    return known
  }
}

async function judge(all: readonly Bound[], attributes: AdmissionAttributes, services: Services): Promise<void> {
  let refusal: StatusError | undefined
  for (const bound of all) {
    const failures = await failuresOf(bound, attributes, services)
    for (const failure of failures) refusal ??= act(bound, failure, attributes)
  }
  if (refusal) throw refusal
}

async function failuresOf(
  { policy, binding, compiled }: Bound,
  attributes: AdmissionAttributes,
  services: Services,
): Promise<readonly Failure[]> {
  const endpoint = endpointFor(policy.spec.matchConstraints ?? {}, attributes, services)
  if (!endpoint || !policy.spec.matchConstraints) return []
  if (binding.spec.matchResources && !endpointFor(binding.spec.matchResources, attributes, services)) return []
  const { paramKind, failurePolicy } = policy.spec
  const parameters = parametersOf(paramKind, binding.spec.paramRef, attributes.namespace, services)
  if ('error' in parameters)
    return failurePolicy === 'Ignore'
      ? []
      : [{ message: `failed to configure binding: ${parameters.error}`, reason: 'Forbidden' }]
  const objects = await versioned(attributes, endpoint)
  const review = reviewOf(['v1'], newUid(services.clock), endpoint, objects, attributes)
  const namespace = services.peek<Namespace>('', 'namespaces', '', attributes.namespace)
  const request = new Map(valuesOf(review)).set('namespaceObject', valueOf(namespace))
  return parameters.objects.flatMap((params) => compiled.evaluate(request, valueOf(params)) ?? [])
}

const valueOf = (object: KubeObject | undefined): CelValue =>
  object ? celValueOf(object as unknown as Parameters<typeof celValueOf>[0], undefined) : null

const codes: { readonly [reason: string]: number } = {
  Unauthorized: 401,
  Forbidden: 403,
  Invalid: 422,
  RequestEntityTooLarge: 413,
}

/** Does with a failure what the binding says; a refusal is for the caller to throw. */
function act(
  { policy, binding }: Bound,
  { message, reason }: Failure,
  attributes: AdmissionAttributes,
): StatusError | undefined {
  const [policyName = '', bindingName = ''] = [policy.metadata.name, binding.metadata.name]
  const { validationActions: actions } = binding.spec
  const { warnings, notes } = attributes.context
  const names = `ValidatingAdmissionPolicy '${policyName}' with binding '${bindingName}'`
  if (actions.includes('Warn')) warnings.add(`Validation failed for ${names}: ${message}`)
  if (actions.includes('Audit')) {
    const told = [{ message, policy: policyName, binding: bindingName, expressionIndex: 0, validationActions: actions }]
    notes.annotate('validation.policy.admission.k8s.io/validation_failure', JSON.stringify(told))
  }
  if (!actions.includes('Deny')) return undefined
  const why = `${names} denied request: ${message}`
  const { status } = refused(attributes, why)
  return new StatusError({
    ...status,
    reason,
    code: codes[reason] ?? 422,
    details: { ...status.details, causes: [...(status.details?.causes ?? []), { message: why }] },
  })
}
