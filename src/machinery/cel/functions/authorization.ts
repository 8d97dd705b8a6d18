import { isDNS1123Label, isDNS1123Subdomain } from '../../names/dns.ts'
import { CelError } from '../error.ts'
import type { CelType } from '../types/types.ts'
import type { Opaque } from '../values/values.ts'
import { member } from './function.ts'
import type { Overload } from './function.ts'

/** What an expression wants to know of somebody's rights. */
export interface RightsQuestion {
  readonly verb: string
  /** Who; absent: whoever makes the request. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string }
  /** Of what is no resource. */
  readonly path?: string
  readonly resource?: ResourceRights
}

export interface ResourceRights {
  readonly group: string
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  readonly fieldSelector: string
  readonly labelSelector: string
}

export interface RightsDecision {
  readonly allowed: boolean
  readonly reason: string
  readonly error?: string
}

/** Answers questions about rights. What it throws, but for a CelError, ends the evaluation. */
export type AskRights = (question: RightsQuestion) => RightsDecision

const prefix = 'kubernetes.authorization.'
const [authorizer, pathCheck, groupCheck, resourceCheck, decision] = [
  'Authorizer',
  'PathCheck',
  'GroupCheck',
  'ResourceCheck',
  'Decision',
].map((name) => prefix + name) as [string, string, string, string, string]

/** A value that only has functions: it is equal to nothing. */
abstract class Rights implements Opaque {
  abstract readonly opaque: string

  equals(): boolean {
    throw new CelError('no such overload')
  }
}

type Who = Pick<RightsQuestion, 'serviceAccount'>

class Authorizer extends Rights {
  readonly opaque = authorizer
  readonly ask: AskRights
  readonly who: Who

  constructor(ask: AskRights, who: Who = {}) {
    super()
    this.ask = ask
    this.who = who
  }
}

class PathCheck extends Rights {
  readonly opaque = pathCheck
  readonly by: Authorizer
  readonly path: string

  constructor(by: Authorizer, path: string) {
    super()
    this.by = by
    this.path = path
  }
}

class GroupCheck extends Rights {
  readonly opaque = groupCheck
  readonly by: Authorizer
  readonly group: string

  constructor(by: Authorizer, group: string) {
    super()
    this.by = by
    this.group = group
  }
}

class ResourceCheck extends Rights {
  readonly opaque = resourceCheck
  readonly by: Authorizer
  readonly of: ResourceRights

  constructor(by: Authorizer, of: ResourceRights) {
    super()
    this.by = by
    this.of = of
  }

  with(change: Partial<ResourceRights>): ResourceCheck {
    return new ResourceCheck(this.by, { ...this.of, ...change })
  }
}

class Decision extends Rights {
  readonly opaque = decision
  readonly outcome: RightsDecision

  constructor(outcome: RightsDecision) {
    super()
    this.outcome = outcome
  }
}

/** `authorizer`: what asks for rights. */
export function authorizerValue(ask: AskRights): Opaque {
  return new Authorizer(ask)
}

/** `authorizer.requestResource`: what asks for rights to one resource. */
export function resourceAuthorizerValue(ask: AskRights, of: ResourceRights): Opaque {
  return new ResourceCheck(new Authorizer(ask), of)
}

/** Types of `authorizer` and `authorizer.requestResource`. */
export const authorizerTypes: { readonly authorizer: CelType; readonly resourceCheck: CelType } = {
  authorizer: { kind: 'opaque', name: authorizer },
  resourceCheck: { kind: 'opaque', name: resourceCheck },
}

const nothing: Omit<ResourceRights, 'group' | 'resource'> = {
  subresource: '',
  namespace: '',
  name: '',
  fieldSelector: '',
  labelSelector: '',
}

function accountOf(by: Authorizer, namespace: string, name: string): Authorizer {
  if (isDNS1123Subdomain(name).length > 0) throw new CelError('Invalid service account name')
  if (isDNS1123Label(namespace).length > 0) throw new CelError('Invalid service account namespace')
  return new Authorizer(by.ask, { serviceAccount: { namespace, name } })
}

function filled(text: string, what: string): string {
  if (text.trim() === '') throw new CelError(`${what} must not be empty`)
  return text
}

const narrowed = (name: keyof ResourceRights): Overload =>
  member(name, [resourceCheck, 'string'], resourceCheck, (check: ResourceCheck, text: string) =>
    check.with({ [name]: text }),
  )

/** Kubernetes' library that asks who may do what. */
export const authorizationFunctions: readonly Overload[] = [
  member(
    'path',
    [authorizer, 'string'],
    pathCheck,
    (by: Authorizer, path: string) => new PathCheck(by, filled(path, 'path')),
  ),
  member('group', [authorizer, 'string'], groupCheck, (by: Authorizer, group: string) => new GroupCheck(by, group)),
  member('serviceAccount', [authorizer, 'string', 'string'], authorizer, accountOf),
  member(
    'resource',
    [groupCheck, 'string'],
    resourceCheck,
    ({ by, group }: GroupCheck, resource: string) =>
      new ResourceCheck(by, { group, resource: filled(resource, 'resource'), ...nothing }),
  ),
  ...(['subresource', 'namespace', 'name', 'fieldSelector', 'labelSelector'] as const).map(narrowed),
  member(
    'check',
    [pathCheck, 'string'],
    decision,
    ({ by, path }: PathCheck, verb: string) => new Decision(by.ask({ verb, path, ...by.who })),
  ),
  member(
    'check',
    [resourceCheck, 'string'],
    decision,
    ({ by, of }: ResourceCheck, verb: string) => new Decision(by.ask({ verb, resource: of, ...by.who })),
  ),
  member('errored', [decision], 'bool', ({ outcome }: Decision) => outcome.error !== undefined),
  member('error', [decision], 'string', ({ outcome }: Decision) => outcome.error ?? ''),
  member('allowed', [decision], 'bool', ({ outcome }: Decision) => outcome.allowed),
  member('reason', [decision], 'string', ({ outcome }: Decision) => outcome.reason),
]
