import { invalidValue, notSupported, required } from '#machinery'
import type { FieldError } from '#machinery'
import type { Schema } from '../../../../customresources/schema/schema.ts'
import { rulesOf } from '../../../../customresources/cel/rules.ts'
import { fieldAt } from './field-path.ts'
import { printedRule } from './printed.ts'
import { countOf } from './rule-costs.ts'
import type { RuleCosts } from './rule-costs.ts'

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired']

const hasLineBreaks = (text: string): boolean => /[\r\n]/.test(text)

/** Rules of `x-kubernetes-validations`, apart from what their expressions say. */
export function ruleErrors(schema: Schema, path: string): FieldError[] {
  return (schema['x-kubernetes-validations'] ?? []).flatMap((rule, index) => {
    const at = `${path}.x-kubernetes-validations[${index}]`
    const errors: FieldError[] = []
    const { message = '', messageExpression = '', fieldPath = '' } = rule
    const trimmed = { rule: rule.rule.trim(), message: message.trim() }
    if (trimmed.rule === '') errors.push(required(`${at}.rule`, 'rule is not specified'))
    else if (message !== '' && trimmed.message === '')
      errors.push(invalidValue(`${at}.message`, message, 'must be non-empty if specified'))
    else if (hasLineBreaks(trimmed.message))
      errors.push(invalidValue(`${at}.message`, message, 'must not contain line breaks'))
    else if (hasLineBreaks(trimmed.rule) && trimmed.message === '')
      errors.push(required(`${at}.message`, 'message must be specified if rule contains line breaks'))
    if (messageExpression !== '' && messageExpression.trim() === '')
      errors.push(required(`${at}.messageExpression`, 'messageExpression must be non-empty if specified'))
    if (rule.reason !== undefined && !reasons.includes(rule.reason))
      errors.push(notSupported(`${at}.reason`, rule.reason, reasons))
    if (fieldPath === '') return errors
    if (fieldPath.trim() === '')
      errors.push(invalidValue(`${at}.fieldPath`, fieldPath, 'must be non-empty if specified'))
    if (hasLineBreaks(fieldPath))
      errors.push(invalidValue(`${at}.fieldPath`, fieldPath, 'must not contain line breaks'))
    if ('fault' in fieldAt(fieldPath, schema, true))
      errors.push(invalidValue(`${at}.fieldPath`, fieldPath, 'must be a valid path'))
    return errors
  })
}

/** Where in a definition rules stand, for what their expressions may say and cost. */
export interface RulePlace {
  readonly path: string
  /** They are those of a whole resource. */
  readonly root: boolean
  /** Where old values can't be told any more. */
  readonly uncomparable: string | undefined
  /** How often the value can be there; `undefined` when nothing above says so. */
  readonly count: number | undefined
  readonly costs: RuleCosts
}

/** What is wrong with the expressions of a schema's rules. */
export function expressionErrors(schema: Schema, place: RulePlace): FieldError[] {
  const { path, root, uncomparable, count, costs } = place
  return rulesOf(schema, root).flatMap((one, index) => {
    const { rule, problem, messageProblem, message } = one
    // Nobody knows what a rule uses that does not compile.
    const usesOldSelf = one.usesOldSelf && problem === undefined
    const at = `${path}.x-kubernetes-validations[${index}]`
    const errors = [...costs.add(`${at}.rule`, 'estimated rule cost', one.cost, countOf(schema, count))]
    if (problem !== undefined) errors.push(invalidValue(`${at}.rule`, printedRule(rule), problem))
    if (messageProblem !== undefined)
      errors.push(invalidValue(`${at}.messageExpression`, printedRule(rule), messageProblem))
    if (message)
      errors.push(...costs.add(`${at}.messageExpression`, 'estimated messageExpression cost', one.messageCost, 1))
    const within = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncomparable ?? ''}`
    if (usesOldSelf && uncomparable !== undefined) errors.push(invalidValue(`${at}.rule`, rule.rule, within))
    if (!usesOldSelf && rule.optionalOldSelf !== undefined) {
      const detail = 'may not be set if oldSelf is not used in rule'
      errors.push(invalidValue(`${at}.optionalOldSelf`, rule.optionalOldSelf, detail))
    }
    return errors
  })
}
