import type { Draft } from '#api'
import type { DeleteOptions } from '#api/meta/v1'
import type { FieldError, FieldFilter, KubeObject } from '#machinery'
import type { RequestContext } from '../request/context.ts'
import type { ServerSettings } from '../settings.ts'

/** Fields a resource can be selected by, beyond name and namespace: label of the selector to value. */
export interface SelectableFields {
  readonly [label: string]: string
}

/**
 * Rules of writing over an object, for the resource itself or for one of its subresources. Drafts may be changed in
 * place; `old` is shared and must not be.
 */
export interface UpdateRules<T extends KubeObject> {
  /**
   * Refuses a write for what lies outside the object, such as rights its writer lacks. Called before anything else is
   * looked at; `old` is absent when the object is new.
   * @throws StatusError
   */
  check?(object: T, old: T | undefined, context: RequestContext): void | Promise<void>
  /** Puts back what this writer may not change, and derives what the server owns (generation). */
  prepareForUpdate?(draft: Draft<T>, old: T, context: RequestContext): void
  validateUpdate?(object: T, old: T, context: RequestContext): readonly FieldError[]
  warningsOnUpdate?(object: T, old: T, context: RequestContext): readonly string[]
  /** Applying this subresource to what is not there creates the object, by the rules of the object itself. */
  readonly createsWhenApplied?: boolean
  /** What this writer can't set, so that managed fields never list it: `excludeFields(['status'])`. */
  readonly resetFields?: FieldFilter
  /**
   * Changes outside the object that must go with the write (allocated addresses and ports). Called after
   * `prepareForUpdate` would see the draft; the answer undoes or confirms them.
   */
  begin?(draft: Draft<T>, old: T | undefined, context: RequestContext): Promise<SideEffect> | SideEffect
}

/** What `begin` did beside the write. */
export interface SideEffect {
  /** The write happened. */
  commit(): void | Promise<void>
  /** The write did not happen. */
  revert(): void | Promise<void>
}

/** What makes one resource different from another: everything that its data can't say. */
export interface Strategy<T extends KubeObject = KubeObject> extends UpdateRules<T> {
  /** Clears what creators may not set, and derives what the server owns. */
  prepareForCreate?(draft: Draft<T>, context: RequestContext): void
  /** Rules for a new object. The common rules of metadata are checked besides. */
  validate?(object: T, context: RequestContext): readonly FieldError[]
  warningsOnCreate?(object: T, context: RequestContext): readonly string[]
  /**
   * Of an object as it was created: defaults that are only set when it is read are missing in what is stored, so that the
   * first update is a new version of it even if it changes nothing. Default no.
   */
  lacksDefaults?(created: T): boolean
  /** Brings a valid object to its one normal form. */
  canonicalize?(draft: Draft<T>): void
  /** PUT on a name that does not exist creates it. */
  readonly allowCreateOnUpdate?: boolean
  /** Updates without a resourceVersion overwrite whatever is there. Default true. */
  readonly allowUnconditionalUpdate?: boolean
  fields?(object: T): SelectableFields
  /** How a selector is refused that names none of these fields, where that differs from other resources. */
  unknownField?(label: string): string
  /**
   * Grace of a deletion in seconds, `undefined` to delete at once. `options` are those of the request.
   */
  gracePeriod?(object: T, options: DeleteOptions): number | undefined
  /** What becomes of dependents when the deleter does not say. Default `background`. */
  readonly garbageCollection?: 'background' | 'orphan' | 'unsupported'
  warningsOnDelete?(options: DeleteOptions): readonly string[]
  /**
   * Refuses to delete the object of a name, whether it is there or not; it may still go with its collection.
   * @throws StatusError Forbidden
   */
  checkDeletable?(name: string): void
  /** DELETE answers with the object instead of a Status. */
  readonly returnsDeletedObject?: boolean
  /** `false`: `generateName` is the whole name. */
  readonly completesNames?: boolean
  /** Seconds until the store forgets the object by itself, unless it is written again. */
  ttlSeconds?(settings: ServerSettings): number
  /** The update leaves a deleting object without finalizers: may it be removed now? Default yes. */
  shouldDeleteDuringUpdate?(object: T, old: T): boolean
  /** Creators may set the status; for every other resource it is empty at first. */
  readonly keepsStatusOnCreate?: boolean
  /**
   * The first steps of a deletion, where they differ from those of other resources: the object as this request leaves it;
   * `pending` when an earlier one did what there is to do; `undefined` to go on as usual. `now` is milliseconds since 1970.
   * @throws StatusError Conflict
   */
  terminate?(object: T, options: DeleteOptions, now: number): Draft<T> | 'pending' | undefined
  /** Called after a deletion is final. */
  afterDelete?(object: T, context: RequestContext): void | Promise<void>
}

/** Takes a strategy of one type as one of any object, which is how the registry keeps them. */
export function strategy<T extends KubeObject>(rules: Strategy<T>): Strategy {
  return rules
}
