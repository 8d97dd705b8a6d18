import type { FieldSelectorRequirement, LabelSelectorRequirement } from '#api/meta/v1'
import type {
  NonResourceAttributes,
  ResourceAttributes,
  SubjectAccessReviewSpec,
  SubjectAccessReviewStatus,
} from '#api/authorization/v1'
import type { UserInfo } from '#client'
import {
  escapeFieldValue,
  makeRequirement,
  parseFieldSelector,
  parseSelector,
  Selector,
  SelectorError,
} from '#machinery'
import type { Operator } from '#machinery'
import type { AuthorizationAttributes, Authorizer } from '../../authz/authorizer.ts'

/** What a review asks, with what of its selectors could not be read. */
interface Question {
  readonly attributes: AuthorizationAttributes
  readonly ignored: readonly string[]
}

export interface ReviewedAccess {
  readonly resourceAttributes?: ResourceAttributes
  readonly nonResourceAttributes?: NonResourceAttributes
}

/** The user that a review is about. */
export function reviewedUser({ user = '', uid, groups = [], extra }: SubjectAccessReviewSpec): UserInfo {
  return { name: user, ...(uid ? { uid } : {}), groups, ...(extra ? { extra } : {}) }
}

/** Answers a review. The spec is valid. */
export async function reviewAccess(
  authorizer: Authorizer,
  user: UserInfo,
  access: ReviewedAccess,
): Promise<SubjectAccessReviewStatus> {
  const { attributes, ignored } = questionOf(user, access)
  const { verdict, reason, error } = await authorizer.authorize(attributes)
  const errors = [...(error === undefined ? [] : [error]), ...ignored].join('; ')
  return {
    allowed: verdict === 'allow',
    ...(verdict === 'deny' ? { denied: true } : {}),
    ...(reason === '' ? {} : { reason }),
    ...(errors === '' ? {} : { evaluationError: errors }),
  }
}

function questionOf(user: UserInfo, { resourceAttributes: asked, nonResourceAttributes }: ReviewedAccess): Question {
  const nothing = { group: '', version: '', resource: '', subresource: '', namespace: '', name: '' }
  if (!asked) {
    const { path = '', verb = '' } = nonResourceAttributes ?? {}
    return { attributes: { ...nothing, user, verb, path, isResource: false }, ignored: [] }
  }
  const { verb = '', group = '', resource = '', subresource = '', namespace = '', name = '' } = asked
  const fields = asked.fieldSelector && readFields(asked.fieldSelector.rawSelector, asked.fieldSelector.requirements)
  const labels = asked.labelSelector && readLabels(asked.labelSelector.rawSelector, asked.labelSelector.requirements)
  return {
    attributes: {
      user,
      verb,
      isResource: true,
      path: '',
      group,
      version: asked.version || '*',
      resource,
      subresource,
      namespace,
      name,
      ...(fields?.text ? { fieldSelector: fields.text } : {}),
      ...(labels?.text ? { labelSelector: labels.text } : {}),
    },
    ignored: [...complaint('fieldSelector', fields), ...complaint('labelSelector', labels)],
  }
}

/** A selector as text, of what could be read. Leaving out a requirement asks for more, which is safe. */
interface ReadSelector {
  readonly text: string
  readonly complete: boolean
}

function complaint(field: string, selector: ReadSelector | undefined): string[] {
  if (!selector || selector.complete) return []
  const what = selector.text === '' ? 'ignored' : 'partially ignored'
  return [`spec.resourceAttributes.${field} ${what} due to parse error`]
}

function readFields(raw = '', requirements: readonly FieldSelectorRequirement[] = []): ReadSelector {
  if (raw !== '') return parsed(raw, parseFieldSelector)
  const terms = requirements.map(({ key, operator, values = [] }) => {
    const symbol = operator === 'In' ? '=' : operator === 'NotIn' ? '!=' : undefined
    const [value] = values
    if (symbol === undefined || value === undefined || values.length > 1) return undefined
    return `${key}${symbol}${escapeFieldValue(value)}`
  })
  return joined(terms)
}

const operators: { readonly [operator: string]: Operator } = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
}

function readLabels(raw = '', requirements: readonly LabelSelectorRequirement[] = []): ReadSelector {
  if (raw !== '') return parsed(raw, parseSelector)
  const terms = requirements.map(({ key, operator, values = [] }) => {
    const known = Object.hasOwn(operators, operator) ? operators[operator] : undefined
    return known && attempt(() => Selector.of([makeRequirement(key, known, values)]).toString())
  })
  return joined(terms)
}

function parsed(raw: string, parse: (text: string) => unknown): ReadSelector {
  const readable = attempt(() => {
    parse(raw)
    return raw
  })
  return { text: readable ?? '', complete: readable !== undefined }
}

function joined(terms: readonly (string | undefined)[]): ReadSelector {
  const readable = terms.filter((term) => term !== undefined)
  return { text: readable.join(','), complete: readable.length === terms.length }
}

/** `undefined` when a selector can't be read. */
function attempt(read: () => string): string | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof SelectorError) return undefined
    throw error
  }
}
