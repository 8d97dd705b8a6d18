import type { ScopedResourceSelectorRequirement } from '#api/core/v1'
import type { Amounts, KubeObject } from '#machinery'

/** A write that may use up quota. */
export interface QuotaOperation {
  readonly operation: 'CREATE' | 'UPDATE'
  readonly subresource: string
  readonly object: KubeObject
  readonly oldObject: KubeObject | undefined
}

/** How objects of one resource count against quotas. */
export interface QuotaEvaluator {
  /** Whether the write can change what is used. */
  handles(operation: QuotaOperation): boolean
  /** Names of quota resources that objects of this kind use. */
  covers(name: string): boolean
  /** What an object uses; `now` is milliseconds since 1970. */
  usage(object: KubeObject, now: number): Amounts
  /** Whether an object is in a scope; without this, in none. */
  matchesScope?(scope: ScopedResourceSelectorRequirement, object: KubeObject): boolean
  /** What an object has to say about the given resources and does not, as a refusal's text. */
  missing?(names: ReadonlySet<string>, object: KubeObject): string | undefined
}

/** `count/deployments.apps`: quota of the number of objects. */
export function countName(group: string, plural: string): string {
  return group === '' ? `count/${plural}` : `count/${plural}.${group}`
}
