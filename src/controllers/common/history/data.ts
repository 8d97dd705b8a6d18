import type { Json } from '#api'
import type { ControllerRevision } from '#api/apps/v1'
import type { PodTemplateSpec } from '#api/core/v1'
import { fnv32, safeEncode, sortKeys } from '#machinery'

/**
 * The part of an object that a revision remembers: its template, as a patch that puts it back. Keys are in order, because
 * whoever looks for the revision of a template compares texts.
 */
export function templatePatch(template: PodTemplateSpec): Json {
  const fields = template as object as { readonly [field: string]: Json }
  return sortKeys({ spec: { template: { ...fields, $patch: 'replace' } } }) as Json
}

/** The template that a revision remembers. */
export function templateOf({ data }: ControllerRevision): PodTemplateSpec {
  const { spec } = (data ?? {}) as {
    readonly spec?: { readonly template?: PodTemplateSpec & { readonly $patch?: string } }
  }
  const { $patch: _, ...template } = spec?.template ?? {}
  return template
}

/** JSON as Go writes it: keys in order, and what HTML might take amiss escaped. Hashes rest on it. */
export function revisionText(data: Json | undefined): string {
  return JSON.stringify(sortKeys(data ?? null)).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

export function sameData(a: ControllerRevision, b: ControllerRevision): boolean {
  return revisionText(a.data) === revisionText(b.data)
}

export function revisionHash(data: Json | undefined, collisionCount: number): string {
  return safeEncode(String(fnv32(`${revisionText(data)}${collisionCount}`)))
}

/** `<prefix>-<hash>`, the prefix cut where it would be too long. */
export const revisionName = (prefix: string, hash: string): string => `${prefix.slice(0, 223)}-${hash}`

export function byRevision(a: ControllerRevision, b: ControllerRevision): number {
  if (a.revision !== b.revision) return a.revision - b.revision
  const created = (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '')
  return created !== 0 ? created : (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1
}
