import type { FlowSchema, FlowSchemaSpec, PolicyRulesWithSubjects } from '#api/flowcontrol/v1'
import { semanticEqual } from '#base'
import { invalidValue, nameIsDNSSubdomain, notSupported, Path, required } from '#machinery'
import type { FieldError } from '#machinery'
import { mandatorySchemas } from '../../../bootstrap/flowcontrol/objects.ts'
import { goValue } from '../../common/go-value.ts'
import { validateConditions } from '../conditions.ts'
import { validateNonResourceRule, validateResourceRule } from './rules.ts'
import { validateSubject } from './subjects.ts'
import { validateObjectMeta } from '../../metadata.ts'

const spec = Path.of('spec')
const maxPrecedence = 10_000
const distinguishers = ['ByNamespace', 'ByUser']

export function validateFlowSchema(schema: FlowSchema): readonly FieldError[] {
  const { name = '' } = schema.metadata
  const errors = [
    ...validateObjectMeta(schema.metadata, { namespaced: false, name: nameIsDNSSubdomain }, Path.of('metadata')),
    ...validateSpec(name, schema.spec),
  ]
  const mandatory = mandatorySchemas.find((one) => one.metadata.name === name)
  if (mandatory && !semanticEqual(schema.spec, mandatory.spec)) {
    const shown = goValue('flowcontrol/v1.FlowSchemaSpec', schema.spec)
    errors.push(invalidValue(spec, shown, `spec of '${name}' must equal the fixed value`))
  }
  return [...errors, ...validateConditions(schema.status?.conditions)]
}

function validateSpec(name: string, wanted: FlowSchemaSpec): readonly FieldError[] {
  const { matchingPrecedence: precedence = 0, distinguisherMethod, priorityLevelConfiguration: level } = wanted
  const atPrecedence = spec.child('matchingPrecedence')
  const atLevel = spec.child('priorityLevelConfiguration', 'name')
  const errors: FieldError[] = []
  if (precedence <= 0) errors.push(invalidValue(atPrecedence, precedence, 'must be a positive value'))
  if (precedence > maxPrecedence)
    errors.push(invalidValue(atPrecedence, precedence, `must not be greater than ${maxPrecedence}`))
  if (precedence === 1 && name !== 'exempt') {
    const why = "only the schema named 'exempt' may have matchingPrecedence 1"
    errors.push(invalidValue(atPrecedence, precedence, why))
  }
  if (distinguisherMethod && !distinguishers.includes(distinguisherMethod.type)) {
    const shown = { Type: distinguisherMethod.type }
    errors.push(notSupported(spec.child('distinguisherMethod', 'type'), shown, distinguishers))
  }
  if (level.name === '') errors.push(required(atLevel, 'must reference a priority level'))
  else
    for (const problem of nameIsDNSSubdomain(level.name, false)) errors.push(invalidValue(atLevel, level.name, problem))
  return [
    ...errors,
    ...(wanted.rules ?? []).flatMap((rule, index) => validateRule(rule, spec.child('rules').index(index))),
  ]
}

function validateRule(rule: PolicyRulesWithSubjects, at: Path): readonly FieldError[] {
  const subjects = rule.subjects ?? []
  const resourceRules = rule.resourceRules ?? []
  const nonResourceRules = rule.nonResourceRules ?? []
  const errors: FieldError[] = subjects.flatMap((subject, index) =>
    validateSubject(subject, at.child('subjects').index(index)),
  )
  if (subjects.length === 0) errors.push(required(at.child('subjects'), 'subjects must contain at least one value'))
  if (resourceRules.length === 0 && nonResourceRules.length === 0)
    errors.push(required(at, 'at least one of resourceRules and nonResourceRules has to be non-empty'))
  return [
    ...errors,
    ...resourceRules.flatMap((one, index) => validateResourceRule(one, at.child('resourceRules').index(index))),
    ...nonResourceRules.flatMap((one, index) =>
      validateNonResourceRule(one, at.child('nonResourceRules').index(index)),
    ),
  ]
}
