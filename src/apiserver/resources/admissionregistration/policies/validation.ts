import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicySpec,
  Mutation,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicySpec,
} from '#api/admissionregistration/v1'
import { semanticEqual } from '#base'
import {
  duplicate,
  invalidValue,
  nameIsDNSSubdomain,
  notSupported,
  Path,
  required,
  validateObjectMeta,
} from '#machinery'
import type { FieldError, ObjectMeta } from '#machinery'
import { goValue } from '../../common/go-value.ts'
import type { Variables } from '../../common/expressions.ts'
import { admissionVariables, expressionError, expressionProblem } from '../expressions.ts'
import type { OwnVariables } from '../expressions.ts'
import { validateMatchConditions } from '../match-conditions.ts'
import { mutationStructs, mutationTypes } from '../mutations.ts'
import { validateAuditAnnotation, validateValidation, validateVariable } from './expressions.ts'
import { validateMatchResources, validateMutatingOperations } from './match-resources.ts'
import { validateParamKind } from './params.ts'

const spec = Path.of('spec')
const failurePolicies = ['Fail', 'Ignore']
const reinvocationPolicies = ['IfNeeded', 'Never']
const patchTypes = ['ApplyConfiguration', 'JSONPatch']
const maxAnnotations = 20

type Spec = ValidatingAdmissionPolicySpec | MutatingAdmissionPolicySpec

const validateMeta = (metadata: ObjectMeta): readonly FieldError[] =>
  validateObjectMeta(metadata, { namespaced: false, name: nameIsDNSSubdomain }, Path.of('metadata'))

/** Conditions that stand are not looked at again while what they are compiled with stays. */
const sameConditions = (wanted: Spec, old: Spec | undefined): boolean =>
  old !== undefined &&
  semanticEqual(wanted.paramKind, old.paramKind) &&
  semanticEqual(wanted.matchConditions ?? [], old.matchConditions ?? [])

/** What expressions of a policy can use. */
interface Names {
  /** The policy's own variables, as they become known. */
  readonly own: OwnVariables
  readonly variables: Variables
  /** Of messages: they can't ask for rights. */
  readonly messages: Variables
}

/** A policy that mutates has `variables` even when it declares none. */
function namesOf({ paramKind, variables }: Spec, mutating: boolean): Names {
  const own: OwnVariables = new Map()
  const names = { params: Boolean(paramKind), ...(mutating || (variables ?? []).length > 0 ? { own } : {}) }
  return {
    own,
    variables: admissionVariables({ ...names, authorizer: true }),
    messages: admissionVariables(names),
  }
}

/** What both kinds of policy have, up to the variables. */
function validateCommon(
  wanted: Spec,
  old: Spec | undefined,
  { own, variables }: Names,
  mutating: boolean,
): readonly FieldError[] {
  const { failurePolicy, paramKind, matchConstraints: match } = wanted
  const atFailure = spec.child('failurePolicy')
  const atMatch = spec.child('matchConstraints')
  const errors: FieldError[] = []
  if (failurePolicy === undefined) errors.push(required(atFailure))
  else if (!failurePolicies.includes(failurePolicy))
    errors.push(notSupported(atFailure, failurePolicy, failurePolicies))
  if (paramKind) errors.push(...validateParamKind(paramKind, spec.child('paramKind')))
  if (match) {
    errors.push(...validateMatchResources(match, atMatch))
    if ((match.resourceRules ?? []).length === 0) errors.push(required(atMatch.child('resourceRules')))
    if (mutating) errors.push(...validateMutatingOperations(match, atMatch))
  } else errors.push(required(atMatch))
  if (!sameConditions(wanted, old))
    errors.push(...validateMatchConditions(wanted.matchConditions, Boolean(paramKind), spec.child('matchConditions')))
  for (const [index, variable] of (wanted.variables ?? []).entries())
    errors.push(...validateVariable(variable, variables, own, spec.child('variables').index(index)))
  return errors
}

export function validateValidatingPolicy(
  policy: ValidatingAdmissionPolicy,
  old: ValidatingAdmissionPolicy | undefined,
): readonly FieldError[] {
  const { validations = [], auditAnnotations = [] } = policy.spec
  const names = namesOf(policy.spec, false)
  const errors = [...validateMeta(policy.metadata), ...validateCommon(policy.spec, old?.spec, names, false)]
  const atAnnotations = spec.child('auditAnnotations')
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const why = 'validations or auditAnnotations must contain at least one item'
    return [...errors, required(spec.child('validations'), why), required(atAnnotations, why)]
  }
  for (const [index, validation] of validations.entries())
    errors.push(...validateValidation(validation, names, spec.child('validations').index(index)))
  if (auditAnnotations.length > maxAnnotations) {
    const shown = auditAnnotations.map((one) => goValue('admissionregistration/v1.AuditAnnotation', one))
    errors.push(invalidValue(atAnnotations, shown, `must not have more than ${maxAnnotations} auditAnnotations`))
  }
  const keys = new Set<string>()
  for (const [index, annotation] of auditAnnotations.entries()) {
    const at = atAnnotations.index(index)
    errors.push(...validateAuditAnnotation(annotation, policy.metadata.name ?? '', names.variables, at))
    if (keys.has(annotation.key)) errors.push(duplicate(at.child('key'), annotation.key))
    keys.add(annotation.key)
  }
  return errors
}

export function validateMutatingPolicy(
  policy: MutatingAdmissionPolicy,
  old: MutatingAdmissionPolicy | undefined,
): readonly FieldError[] {
  const { mutations = [], reinvocationPolicy } = policy.spec
  const names = namesOf(policy.spec, true)
  const errors = [...validateMeta(policy.metadata), ...validateCommon(policy.spec, old?.spec, names, true)]
  const atMutations = spec.child('mutations')
  const atReinvocation = spec.child('reinvocationPolicy')
  if (mutations.length === 0) errors.push(required(atMutations, 'mutations must contain at least one item'))
  for (const [index, mutation] of mutations.entries())
    errors.push(...validateMutation(mutation, names.variables, atMutations.index(index)))
  if (!reinvocationPolicy) errors.push(required(atReinvocation))
  else if (!reinvocationPolicies.includes(reinvocationPolicy))
    errors.push(notSupported(atReinvocation, reinvocationPolicy, reinvocationPolicies))
  return errors
}

const bodies = { ApplyConfiguration: 'applyConfiguration', JSONPatch: 'jsonPatch' } as const

function validateMutation(mutation: Mutation, variables: Variables, at: Path): readonly FieldError[] {
  const { patchType } = mutation
  if ((patchType as string) === '') return [required(at.child('patchType'))]
  if (!patchTypes.includes(patchType)) return [notSupported(at.child('patchType'), patchType, patchTypes)]
  const own = bodies[patchType]
  const other = patchType === 'JSONPatch' ? bodies.ApplyConfiguration : bodies.JSONPatch
  const body = mutation[own]
  const errors: FieldError[] = []
  if (!body) errors.push(required(at.child(own), `must be specified when patchType is ${patchType}`))
  else
    errors.push(...validateMutationExpression(body.expression ?? '', patchType, variables, at.child(own, 'expression')))
  if (mutation[other])
    errors.push(invalidValue(at.child(other), `{${other}}`, `must not be specified when patchType is ${patchType}`))
  return errors
}

function validateMutationExpression(
  expression: string,
  patchType: keyof typeof bodies,
  variables: Variables,
  at: Path,
): readonly FieldError[] {
  const source = expression.trim()
  if (source === '') return [required(at)]
  const problem = expressionProblem(source, variables, [mutationTypes[patchType]], { structs: mutationStructs })
  return problem === undefined ? [] : [expressionError(at, source, problem)]
}
