import type { Event, ObjectReference } from '#api/audit/v1'
import type { UserInfo as ShownUser } from '#api/authentication/v1'
import { copyJson } from '#base'
import type { Clock } from '#base'
import type { ApiRequest, UserInfo } from '#client'
import { microTimeOfMillis } from '#machinery'
import type { KubeObject, Status } from '#machinery'
import type { AuthorizationAttributes } from '../authz/authorizer.ts'
import type { AuditBackend } from './backend.ts'
import type { LongJson } from './event.ts'
import type { AuditRule, Level, Stage } from './policy.ts'
import { sourceIPs } from './source-ips.ts'

type Mutable<T> = { -readonly [key in keyof T]: T[key] }

const longestUserAgent = 1024

/** A request that audit is told of. */
export interface AuditedRequest {
  readonly request: ApiRequest
  /** Who asks for what. */
  readonly attributes: AuthorizationAttributes
  readonly auditID: string
  /** When it came in, in milliseconds since 1970. */
  readonly received: number
  /** What is noted of it while it is served. */
  readonly notes: { readonly annotations: ReadonlyMap<string, string> | undefined }
}

/** What audit keeps of one request while it is served. */
export class AuditTrail {
  readonly #rule: AuditRule
  readonly #backend: AuditBackend
  readonly #clock: Clock
  readonly #event: Mutable<Omit<Event, 'stage' | 'stageTimestamp' | 'annotations' | 'kind' | 'apiVersion'>>
  readonly #notes: { readonly annotations: ReadonlyMap<string, string> | undefined }
  #response: LongJson | undefined
  #ended = false

  constructor(
    { request, attributes, auditID, received, notes }: AuditedRequest,
    { rule, backend, clock }: { readonly rule: AuditRule; readonly backend: AuditBackend; readonly clock: Clock },
  ) {
    this.#rule = rule
    this.#backend = backend
    this.#clock = clock
    this.#notes = notes
    const userAgent = request.headers['user-agent'] ?? ''
    this.#event = {
      level: rule.level,
      auditID,
      requestURI: request.query === '' ? request.path : `${request.path}?${request.query}`,
      verb: attributes.verb,
      user: shownUser(attributes.user),
      sourceIPs: sourceIPs(request),
      ...(userAgent === '' ? {} : { userAgent: shortened(userAgent) }),
      ...(attributes.isResource ? { objectRef: referenceOf(attributes) } : {}),
      requestReceivedTimestamp: microTimeOfMillis(received),
    }
  }

  #atLeast(level: Level): boolean {
    return rank[this.#rule.level] >= rank[level]
  }

  /** Whether events have the objects of answers. */
  get tellsOfResponses(): boolean {
    return this.#atLeast('RequestResponse')
  }

  impersonated(user: UserInfo, constraint: string): void {
    this.#event.impersonatedUser = shownUser(user)
    if (constraint !== '') this.#event.authenticationMetadata = { impersonationConstraint: constraint }
  }

  /** The object that came with the request, as it was read. */
  requestObject(object: object): void {
    const { namespace, name, uid, resourceVersion } = (object as Partial<KubeObject>).metadata ?? {}
    const own = this.#event.objectRef ?? {}
    this.#event.objectRef = ordered({
      ...own,
      ...(own.namespace || !namespace ? {} : { namespace }),
      ...(own.name || !name ? {} : { name }),
      ...(own.uid || !uid ? {} : { uid }),
      ...(own.resourceVersion || !resourceVersion ? {} : { resourceVersion }),
    })
    // What is read is changed later, by admission for one.
    if (this.#atLeast('Request')) this.#event.requestObject = copyJson(this.#shown(object))
  }

  /** The patch that came with the request. */
  requestPatch(patch: () => unknown): void {
    if (this.#atLeast('Request')) this.#event.requestObject = patch() as NonNullable<Event['requestObject']>
  }

  /** The object that the answer carries. @param sent gives it as it is sent, which may differ in form */
  responseObject(object: object, sent: () => object = () => object): void {
    if ((object as Status).kind === 'Status') {
      const { status, message, reason, details, code } = object as Status
      this.#event.responseStatus = {
        metadata: {},
        ...(status === undefined ? {} : { status }),
        ...(message === undefined ? {} : { message }),
        ...(reason === undefined ? {} : { reason }),
        ...(details === undefined ? {} : { details }),
        ...(code === undefined ? {} : { code }),
      }
    }
    if (this.tellsOfResponses) this.#event.responseObject = this.#shown(sent())
  }

  /** The same of what is long, as JSON of what {@link shown} makes of it. */
  longResponseObject(response: LongJson): void {
    this.#response = response
  }

  responseCode(code: number): void {
    this.#event.responseStatus = { ...(this.#event.responseStatus ?? { metadata: {} }), code }
  }

  /** Says why a request was refused before it had a user. */
  refused(message: string): void {
    this.#event.responseStatus = { metadata: {}, message }
  }

  /** Writes an event. False when a backend in strict mode did not take it; a promise when somebody wants to be waited for. */
  reach(stage: Stage): boolean | Promise<boolean> {
    if (this.#ended || this.#rule.omitStages.has(stage)) return true
    this.#ended = stage === 'ResponseComplete' || stage === 'Panic'
    const { annotations } = this.#notes
    const { requestReceivedTimestamp = '', ...facts } = this.#event
    const { level, auditID, ...rest } = facts
    const stageTimestamp = stage === 'RequestReceived' ? requestReceivedTimestamp : microTimeOfMillis(this.#clock.now())
    const event: Event = {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level,
      auditID,
      stage,
      ...inOrder(rest),
      requestReceivedTimestamp,
      stageTimestamp,
      ...(annotations ? { annotations: sorted(annotations) } : {}),
    }
    return this.#backend.write([{ event, ...(this.#response ? { response: this.#response } : {}) }])
  }

  #shown(object: object): NonNullable<Event['requestObject']> {
    return (this.shown?.(object) ?? object) as NonNullable<Event['requestObject']>
  }

  /** What events have of an object, or of an item of a list; absent where that is all of it. */
  get shown(): ((object: object) => object) | undefined {
    return this.#rule.omitManagedFields ? withoutManagedFields : undefined
  }

  /** For whoever makes JSON of what is long. */
  get clock(): Clock {
    return this.#clock
  }
}

const rank: { readonly [level in Level]: number } = { None: 0, Metadata: 1, Request: 2, RequestResponse: 3 }

const fields = [
  'requestURI',
  'verb',
  'user',
  'impersonatedUser',
  'authenticationMetadata',
  'sourceIPs',
  'userAgent',
  'objectRef',
  'responseStatus',
  'requestObject',
  'responseObject',
] as const

/** The facts in the order of the API, however they came to be known. */
function inOrder<T extends { readonly [field in (typeof fields)[number]]?: unknown }>(facts: T): T {
  const event: { [field: string]: unknown } = {}
  for (const field of fields) if (facts[field] !== undefined) event[field] = facts[field]
  return event as T
}

function shownUser({ name, uid, groups, extra }: UserInfo): ShownUser {
  return {
    ...(name === '' ? {} : { username: name }),
    ...(uid === undefined ? {} : { uid }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(extra && Object.keys(extra).length > 0 ? { extra } : {}),
  }
}

function shortened(userAgent: string): string {
  return userAgent.length > longestUserAgent ? `${userAgent.slice(0, longestUserAgent)}...TRUNCATED` : userAgent
}

function referenceOf(attributes: AuthorizationAttributes): ObjectReference {
  const { resource, namespace, name, group, version, subresource } = attributes
  return ordered({ resource, namespace, name, apiGroup: group, apiVersion: version, subresource })
}

const referenceFields = [
  'resource',
  'namespace',
  'name',
  'uid',
  'apiGroup',
  'apiVersion',
  'resourceVersion',
  'subresource',
] as const

function ordered(reference: ObjectReference): ObjectReference {
  const result: Mutable<ObjectReference> = {}
  for (const field of referenceFields) if (reference[field]) result[field] = reference[field]
  return result
}

function sorted(annotations: ReadonlyMap<string, string>): { readonly [key: string]: string } {
  return Object.fromEntries([...annotations].sort(([a], [b]) => (a < b ? -1 : 1)))
}

interface Shown {
  readonly metadata?: { readonly managedFields?: unknown }
  readonly items?: readonly Shown[]
  readonly rows?: readonly { readonly object?: Shown }[]
}

/** Objects, lists and tables, or rows of these, without the bookkeeping of their fields. */
function withoutManagedFields(shown: object): Shown {
  const object: Shown = shown
  const { metadata, items, rows } = object
  const { managedFields: _, ...rest } = metadata ?? {}
  return {
    ...object,
    ...(metadata ? { metadata: rest } : {}),
    ...(items ? { items: items.map(withoutManagedFields) } : {}),
    ...(rows
      ? { rows: rows.map((row) => (row.object ? { ...row, object: withoutManagedFields(row.object) } : row)) }
      : {}),
  }
}
