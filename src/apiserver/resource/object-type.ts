import type { Draft, StructType } from '#api'
import type { JsonBody, KubeObject, MergeType } from '#machinery'

/** What decoding made of a body. */
export interface DecodedObject {
  /** Private to the caller, canonical, not yet defaulted. */
  readonly object: Draft<KubeObject>
  /** Unknown and duplicate fields, as messages; what becomes of them is the fieldValidation option's to say. */
  readonly strictErrors: readonly string[]
}

/** The name of a kind at one version. */
export interface NamedKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** A kind at one version: how its objects are read, defaulted, patched and put on the wire. */
export interface ObjectType extends NamedKind {
  /** Shape of built-in kinds; custom resources have none. */
  readonly struct?: StructType
  /** Schema that server-side apply merges by. */
  readonly mergeType: MergeType
  /**
   * Reads a body into canonical form.
   * @throws JsonError when it is not of this kind's shape.
   */
  decode(body: JsonBody): DecodedObject
  /** The same for an object that is no text; the result shares nothing with it. */
  normalize(object: unknown): DecodedObject
  /** Why the server can't hold the object although it is of the kind's shape: what its annotations say can't be read. */
  conversionProblem?(object: KubeObject): string | undefined
  /** What server-side apply has put together, as the kind reads it; it keeps nulls that bodies of custom resources lose. */
  assembled(merged: KubeObject): Draft<KubeObject>
  /**
   * The object as JSON shows it, without the empty lists and maps that JSON leaves out; see `shownForm`. Parts of `base` are
   * shown as they are.
   */
  shown<T extends KubeObject>(object: T, base?: KubeObject): T
  /** The object as owners of its fields are told by, as `base` is; see `comparedForm`. */
  compared<T extends KubeObject>(object: T, base?: KubeObject): T
  /** The object as it comes back from the store, as `base` did, if there is one; see `storedForm`. */
  stored<T extends KubeObject>(object: T, base?: KubeObject): T
  /** The draft with its defaults filled in, which what it shares with `base` has; the draft itself is used up. */
  applyDefaults(draft: Draft<KubeObject>, base?: KubeObject): Draft<KubeObject>
}

/** `group/version` of a type. */
export function groupVersionOf(type: { readonly group: string; readonly version: string }): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`
}
