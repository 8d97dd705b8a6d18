import type { ManagedFieldsEntry } from '#api/meta/v1'
import { StatusError } from '../../errors/status-error.ts'
import type { KubeObject } from '../../meta/object.ts'
import { asMembers } from '../typed/value.ts'
import type { Members } from '../typed/value.ts'

/** The entries that an object carries, `undefined` when it carries no list of them. */
export function managedFieldsOf(object: KubeObject): readonly ManagedFieldsEntry[] | undefined {
  const entries: unknown = object.metadata?.managedFields
  return Array.isArray(entries) ? (entries as readonly ManagedFieldsEntry[]) : undefined
}

/** The object with these entries, or without any. */
export function withManagedFields<T extends KubeObject>(
  object: T,
  entries: readonly ManagedFieldsEntry[] | undefined,
): T {
  const { metadata } = object
  if (entries !== undefined) {
    return metadata?.managedFields === entries
      ? object
      : { ...object, metadata: { ...metadata, managedFields: entries } }
  }
  if (metadata === undefined || !('managedFields' in metadata)) return object
  const { managedFields: _, ...rest } = metadata
  return { ...object, metadata: rest }
}

/** The client asks to forget who owns what: an empty list, or one empty entry. */
export function isReset(entries: readonly ManagedFieldsEntry[]): boolean {
  const [only] = entries
  if (only === undefined) return true
  return entries.length === 1 && Object.values(only).every((value) => value === null || value === '')
}

/** Group, version and kind as messages write them: `apps/v1, Kind=Deployment`, `/v1, Kind=Pod`. */
export function kindText(object: Members): string {
  const apiVersion = textOf(object['apiVersion'])
  const parts = apiVersion === '/' ? [''] : apiVersion.split('/')
  if (parts.length > 2) return '/, Kind='
  const [group = '', version = ''] = parts.length === 2 ? parts : ['', ...parts]
  return `${group}/${version}, Kind=${textOf(object['kind'])}`
}

/** An object as messages name it: `namespace/name; apps/v1, Kind=Deployment`. */
export function objectText(object: Members): string {
  const metadata = asMembers(object['metadata'])
  return `${textOf(metadata?.['namespace'])}/${textOf(metadata?.['name'])}; ${kindText(object)}`
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** A failure that the API gives no reason for. */
export function unexplained(message: string): StatusError {
  return new StatusError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 500 })
}
