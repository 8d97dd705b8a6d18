import type { Draft } from '#api'
import type { MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding } from '#api/admissionregistration/v1'
import { deepEqual } from '#base'
import { internalError, JsonError, StatusError } from '#machinery'
import type { CelValue, KubeObject } from '#machinery'
import { mutationStructs } from '../../../resources/admissionregistration/mutations.ts'
import { findBuiltinKind } from '../../../resource/builtin-types.ts'
import type { Endpoint } from '../../../resource/resource.ts'
import { schemeOf } from '../../../resource/scheme.ts'
import type { Services } from '../../../services.ts'
import type { AdmissionAttributes, AdmissionPlugin } from '../../admission.ts'
import { replaceDraft, settled, typeAt } from '../../changed-object.ts'
import { OutOfBudget } from '../../expression.ts'
import type { ExpressionResult } from '../../expression.ts'
import { refused } from '../../refusal.ts'
import { Rights } from '../../rights.ts'
import { RoundsByRequest } from '../../rounds.ts'
import type { Rounds } from '../../rounds.ts'
import { isExempt } from '../webhooks/match.ts'
import { versioned } from '../webhooks/review.ts'
import { boundPolicies } from './bound.ts'
import { PolicyExpressions } from './expressions.ts'
import { endpointFor } from './match.ts'
import { afterMutation, MutationError } from './mutation.ts'
import { misconfiguration, parametersOf } from './params.ts'
import { requestValues, valueOf } from './request.ts'

interface Bound {
  readonly policy: MutatingAdmissionPolicy
  readonly binding: MutatingAdmissionPolicyBinding
  readonly compiled: PolicyExpressions
}

/** Changes objects on their way in as the policies of the cluster say in CEL (KEP-3962). */
export function mutatingAdmissionPolicy(services: Services): Omit<AdmissionPlugin, 'name'> {
  const bound = boundPolicies<MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, PolicyExpressions>(
    services,
    'mutatingadmissionpolicies',
    ({ spec }) => new PolicyExpressions(spec, { structs: mutationStructs }),
  )
  const rounds = new RoundsByRequest()
  return {
    operations: ['CREATE', 'UPDATE', 'CONNECT'],
    admit(attributes) {
      const all = bound()
      if (all.length === 0 || isExempt(attributes)) return
      return applyInTurn(all, attributes, rounds.of(attributes), services)
    },
    wantsAnotherRound: (attributes) => rounds.wantsAnother(attributes),
  }
}

/** Why a policy could not be applied; `of` what, where it was not the request. */
interface PolicyFailure {
  readonly bound: Bound
  readonly why: string
  readonly of?: 'policy' | 'binding'
}

async function applyInTurn(
  all: readonly Bound[],
  attributes: AdmissionAttributes,
  rounds: Rounds,
  services: Services,
): Promise<void> {
  rounds.begin(attributes.object)
  const failures: PolicyFailure[] = []
  let mutated = false
  for (const bound of all) {
    const { matchConstraints, paramKind } = bound.policy.spec
    const endpoint = matchConstraints && endpointFor(matchConstraints, attributes, services)
    if (!endpoint) continue
    const wrong = misconfiguration(paramKind, services)
    if (wrong !== undefined) {
      failures.push({ bound, why: wrong, of: 'policy' })
      continue
    }
    const { matchResources, paramRef } = bound.binding.spec
    if (matchResources && !endpointFor(matchResources, attributes, services)) continue
    const parameters = parametersOf(paramKind, paramRef, attributes.namespace, services)
    if ('error' in parameters) {
      failures.push({ bound, why: `failed to configure binding: ${parameters.error}`, of: 'binding' })
      continue
    }
    for (const params of parameters.objects) {
      const outcome = await applyOne(bound, endpoint, params, attributes, rounds, services)
      for (const why of outcome.errors) failures.push({ bound, why })
      mutated ||= outcome.mutated
    }
  }
  // Policies may want to see even what they did themselves.
  if (mutated) rounds.changedBy()
  rounds.end(attributes.object)
  const fatal = failures.filter(({ bound }) => bound.policy.spec.failurePolicy !== 'Ignore')
  if (fatal.length > 0) throw denial(fatal, attributes)
}

/** Makes the mutations of one policy, with one parameter, in turn; what went wrong is told, and whether one was made. */
async function applyOne(
  bound: Bound,
  endpoint: Endpoint,
  params: KubeObject | undefined,
  attributes: AdmissionAttributes,
  rounds: Rounds,
  services: Services,
): Promise<{ readonly errors: readonly string[]; readonly mutated: boolean }> {
  const { policy, binding, compiled } = bound
  const { spec, metadata } = policy
  const rights = new Rights(services.authorizer, attributes)
  const about = async (): Promise<ReadonlyMap<string, CelValue>> =>
    requestValues(attributes, services, rights)(endpoint)
  const conditions = await conditionsHold(bound, await about(), params, rights)
  if ('errors' in conditions) return { errors: conditions.errors, mutated: false }
  const { name = '', namespace = '' } = params?.metadata ?? {}
  const key = [metadata.name, binding.metadata.name, namespace, name].join('/')
  if (!conditions.holds || !rounds.isDue(key)) return { errors: [], mutated: false }
  const { clock, metrics } = services
  const began = clock.monotonic()
  const before = structuredClone(attributes.object)
  const errors: string[] = []
  let mutatedAny = false
  for (const mutation of spec.mutations ?? []) {
    const { object } = await versioned(attributes, endpoint)
    if (!object || !attributes.object) continue
    const { expression = '' } = mutation.applyConfiguration ?? mutation.jsonPatch ?? {}
    const request = await about()
    const outcome = await rights.settled(() => affordable(() => compiled.over(request, valueOf(params))(expression)))
    if ('error' in outcome) {
      errors.push(outcome.error)
      continue
    }
    try {
      const type = typeAt(endpoint, attributes)
      const next = strictly(type, afterMutation(mutation, outcome.value, object, type, isKnownAt(endpoint, type)))
      replaceDraft(attributes.object, await settled(next, endpoint, attributes))
      mutatedAny = true
    } catch (error) {
      if (!(error instanceof MutationError)) throw error
      errors.push(error.message)
    }
  }
  if (!deepEqual(before, attributes.object)) rounds.changedBy()
  if (spec.reinvocationPolicy === 'IfNeeded') rounds.mayRepeat(key)
  const named = { policy: metadata.name ?? '', binding: binding.metadata.name ?? '' }
  metrics.policies.applied(named, errors[0], clock.monotonic() - began)
  return { errors, mutated: mutatedAny }
}

/** Whether the version of an endpoint describes a type: scales and evictions are of groups that describe them nowhere. */
const isKnownAt = ({ group, version }: Endpoint, type: Endpoint['type']): boolean =>
  type.group === group && type.version === version

async function conditionsHold(
  { policy, compiled }: Bound,
  request: ReadonlyMap<string, CelValue>,
  params: KubeObject | undefined,
  rights: Rights,
): Promise<ReturnType<PolicyExpressions['conditionsHold']>> {
  const conditions = policy.spec.matchConditions ?? []
  try {
    return await rights.settled(() => compiled.conditionsHold(conditions, request, valueOf(params)))
  } catch (error) {
    if (error instanceof OutOfBudget) return { errors: [error.message] }
    throw error
  }
}

function affordable(run: () => ExpressionResult): ExpressionResult {
  try {
    return run()
  } catch (error) {
    if (error instanceof OutOfBudget) return { error: error.message }
    throw error
  }
}

/** @throws StatusError InternalError for what is no object of the type, or has fields that the type does not have */
function strictly(type: Endpoint['type'], next: KubeObject): Draft<KubeObject> {
  try {
    const { apiVersion = '', kind = '' } = next
    if (type.struct && apiVersion !== '' && kind !== '' && !findBuiltinKind(apiVersion, kind))
      throw internalError(
        `no kind "${kind}" is registered for version "${apiVersion}" in scheme "${schemeOf(type.group)}"`,
      )
    const { object, strictErrors } = type.normalize(next)
    if (strictErrors.length === 0 || !type.struct) return object
    throw internalError(`strict decoding error: ${strictErrors.join(', ')}`)
  } catch (error) {
    throw error instanceof JsonError ? internalError(error.message, error) : error
  }
}

function denial(failures: readonly PolicyFailure[], attributes: AdmissionAttributes): StatusError {
  const messages = failures.map(({ bound: { policy, binding }, why, of }) => {
    const bindingName = of === 'policy' ? '' : ` with binding '${binding.metadata.name ?? ''}'`
    const names = `policy '${policy.metadata.name ?? ''}'${bindingName}`
    return { message: `${names} denied request: ${why}` }
  })
  const { status } = refused(attributes, 'admission request denied by policy')
  return new StatusError({
    ...status,
    message: messages[0]?.message ?? '',
    // What is wrong with the configuration is no fault of the request.
    reason: failures[0]?.of === undefined ? 'Invalid' : 'Forbidden',
    details: { ...status.details, causes: [...(status.details?.causes ?? []), ...messages] },
  })
}
