import { messageOf } from '#base'
import type {
  ResourceAttributes,
  SubjectAccessReview,
  SubjectAccessReviewSpec,
  SubjectAccessReviewStatus,
} from '#api/authorization/v1'
import { statusOf } from '#machinery'
import { postReview } from '../webhook/post.ts'
import type { ReviewEndpoint } from '../webhook/post.ts'
import type { AuthorizationAttributes, Authorizer, Decision } from './authorizer.ts'
import { conditionsHold } from './conditions.ts'
import type { MatchCondition } from './conditions.ts'
import { fieldRequirements, labelRequirements } from './selectors.ts'

export interface WebhookAuthorizerOptions extends ReviewEndpoint {
  readonly version?: 'v1' | 'v1beta1'
  /** How long answers are kept, in milliseconds; 0: not at all. */
  readonly allowedMs: number
  readonly refusedMs: number
  /** What becomes of requests that the webhook gives no answer to. */
  readonly onError: 'no opinion' | 'deny'
  /** All of which have to hold for the webhook to be asked. */
  readonly conditions?: readonly MatchCondition[]
  /** Name of the webhook among the authorizers. */
  readonly name?: string
  readonly record?: WebhookRecord
}

/** Counts what becomes of questions to webhooks. */
export interface WebhookRecord {
  conditions(name: string, outcome: 'match' | 'exclusion' | 'error', milliseconds: number): void
  asked(name: string, result: 'success' | 'timeout' | 'error', milliseconds: number): void
  /** A request went on though there was no answer. */
  failedOpen(name: string, result: 'timeout' | 'error'): void
}

const keptAnswers = 8192
/** Longest text of a requester's choice in questions whose answers are kept. */
const longestKept = 10_000

/** Asks a webhook by SubjectAccessReview. */
export function webhookAuthorizer(options: WebhookAuthorizerOptions): Authorizer {
  const { clock, version = 'v1beta1', allowedMs, refusedMs, onError, conditions = [], name = '', record } = options
  const kept = new Map<string, { readonly status: SubjectAccessReviewStatus; readonly until: number }>()

  const failed = (error: unknown): Decision => ({
    verdict: onError,
    reason: '',
    error: messageOf(error),
  })
  const ask = async (
    attributes: AuthorizationAttributes,
    spec: SubjectAccessReviewSpec,
    key: string,
  ): Promise<Decision> => {
    const apiVersion = `authorization.k8s.io/${version}`
    const sent = version === 'v1beta1' ? asBeta(spec) : spec
    const review = { kind: 'SubjectAccessReview', apiVersion, metadata: {}, spec: sent }
    let answer: SubjectAccessReview
    const attempted = (milliseconds: number, error?: unknown): void =>
      record?.asked(name, error === undefined ? 'success' : failureOf(error), milliseconds)
    try {
      answer = await postReview<SubjectAccessReview>({ ...options, attempted }, review)
    } catch (error) {
      if (onError === 'no opinion') record?.failedOpen(name, failureOf(error))
      return failed(error)
    }
    const status = answer.status ?? { allowed: false }
    const life = status.allowed ? allowedMs : refusedMs
    if (life > 0 && mayKeep(attributes)) {
      if (kept.size >= keptAnswers) dropOldest(kept)
      kept.set(key, { status, until: clock.monotonic() + life })
    }
    return decisionOf(status)
  }
  const holds = (spec: SubjectAccessReviewSpec): boolean => {
    const begun = clock.monotonic()
    const done = (outcome: 'match' | 'exclusion' | 'error'): void =>
      record?.conditions(name, outcome, clock.monotonic() - begun)
    try {
      const held = conditionsHold(conditions, spec)
      done(held ? 'match' : 'exclusion')
      return held
    } catch (error) {
      done('error')
      throw error
    }
  }
  return {
    authorize(attributes) {
      const spec = specOf(attributes)
      try {
        if (conditions.length > 0 && !holds(spec)) return { verdict: 'no opinion', reason: '' }
      } catch (error) {
        return failed(error)
      }
      const key = JSON.stringify(spec)
      const known = kept.get(key)
      if (known && known.until > clock.monotonic()) return decisionOf(known.status)
      return ask(attributes, spec, key)
    },
    rulesFor: () => ({
      resourceRules: [],
      nonResourceRules: [],
      incomplete: true,
      error: 'webhook authorizer does not support user rule resolution',
    }),
  }
}

function dropOldest(kept: Map<string, unknown>): void {
  const [oldest] = kept.keys()
  if (oldest !== undefined) kept.delete(oldest)
}

function failureOf(error: unknown): 'timeout' | 'error' {
  const message = error instanceof Error ? error.message : ''
  return message.endsWith('context deadline exceeded') || statusOf(error)?.code === 504 ? 'timeout' : 'error'
}

function decisionOf({ allowed, denied = false, reason = '' }: SubjectAccessReviewStatus): Decision {
  if (denied && allowed) {
    const error = 'webhook subject access review returned both allow and deny response'
    return { verdict: 'deny', reason, error }
  }
  if (denied) return { verdict: 'deny', reason }
  return { verdict: allowed ? 'allow' : 'no opinion', reason }
}

/** The older version calls groups `group`. */
function asBeta({ groups, ...spec }: SubjectAccessReviewSpec): object {
  return { ...spec, ...(groups ? { group: groups } : {}) }
}

function specOf(attributes: AuthorizationAttributes): SubjectAccessReviewSpec {
  const { user, verb, path } = attributes
  return {
    ...(attributes.isResource
      ? { resourceAttributes: resourceAttributes(attributes) }
      : { nonResourceAttributes: present({ path, verb }) }),
    user: user.name,
    ...(user.groups.length === 0 ? {} : { groups: user.groups }),
    ...(user.extra ? { extra: user.extra } : {}),
    ...(user.uid === undefined ? {} : { uid: user.uid }),
  }
}

function resourceAttributes(attributes: AuthorizationAttributes): ResourceAttributes {
  const { namespace, verb, group, version, resource, subresource, name } = attributes
  const fields = fieldRequirements(attributes)
  const labels = labelRequirements(attributes)
  return {
    ...present({ namespace, verb, group, version, resource, subresource, name }),
    ...(fields.length === 0 ? {} : { fieldSelector: { requirements: fields } }),
    ...(labels.length === 0 ? {} : { labelSelector: { requirements: labels } }),
  }
}

/** Fields that are not empty. */
function present<T extends { readonly [key: string]: string }>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')) as Partial<T>
}

function mayKeep({
  namespace,
  verb,
  group,
  version,
  resource,
  subresource,
  name,
  path,
}: AuthorizationAttributes): boolean {
  const texts = [namespace, verb, group, version, resource, subresource, name, path]
  return texts.reduce((sum, text) => sum + text.length, 0) < longestKept
}
