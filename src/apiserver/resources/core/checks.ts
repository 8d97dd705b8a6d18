import {
  invalidValue,
  isDNS1123Label,
  isDNS1123Subdomain,
  isPortName,
  isPortNumber,
  isQualifiedName,
  notSupported,
} from '#machinery'
import type { FieldError, Path, Problems } from '#machinery'

/** Checks of single values that several kinds of the core group share. */

const each = (problems: Problems, value: unknown, path: Path): readonly FieldError[] =>
  problems.map((problem) => invalidValue(path, value, problem))

export const validateDNSLabel = (value: string, path: Path): readonly FieldError[] =>
  each(isDNS1123Label(value), value, path)

export const validateDNSSubdomain = (value: string, path: Path): readonly FieldError[] =>
  each(isDNS1123Subdomain(value), value, path)

export const validateQualifiedName = (value: string, path: Path): readonly FieldError[] =>
  each(isQualifiedName(value), value, path)

export const validatePortNumber = (value: number, path: Path): readonly FieldError[] =>
  each(isPortNumber(value), value, path)

/** A port, or the name of one. */
export const validatePort = (value: number | string, path: Path): readonly FieldError[] =>
  typeof value === 'number' ? validatePortNumber(value, path) : each(isPortName(value), value, path)

/** `values` in the order in which messages list them. */
export function validateOneOf(value: string, values: readonly string[], path: Path): readonly FieldError[] {
  return values.includes(value) ? [] : [notSupported(path, value, values)]
}

export const protocols: readonly string[] = ['SCTP', 'TCP', 'UDP']
