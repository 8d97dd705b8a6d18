import { invalidValue } from '#machinery'
import type { FieldError, Path } from '#machinery'

/** No element of the path leads upwards. */
export function validateNoBacksteps(path: string, at: Path): readonly FieldError[] {
  return path.split('/').includes('..') ? [invalidValue(at, path, "must not contain '..'")] : []
}

/** A path that stays below where it starts. */
export function validateLocalDescendingPath(path: string, at: Path): readonly FieldError[] {
  const absolute = path.startsWith('/') ? [invalidValue(at, path, 'must be a relative path')] : []
  return [...absolute, ...validateNoBacksteps(path, at)]
}

/** The same, and not one of the names that volumes keep for themselves (`..data`). */
export function validateLocalNonReservedPath(path: string, at: Path): readonly FieldError[] {
  const reserved =
    path.startsWith('..') && !path.startsWith('../') ? [invalidValue(at, path, "must not start with '..'")] : []
  return [...validateLocalDescendingPath(path, at), ...reserved]
}
