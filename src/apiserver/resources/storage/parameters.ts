import { byteLength, invalidValue, isQualifiedName, required, tooLong } from '#machinery'
import type { FieldError, Path } from '#machinery'

const maxParameters = 512
const maxSize = 256 * 1024

/** The name of whoever makes volumes. */
export function validateProvisioner(name: string, at: Path): readonly FieldError[] {
  if (name === '') return [required(at)]
  const lower = name.toLowerCase()
  return isQualifiedName(lower).map((problem) => invalidValue(at, lower, problem))
}

/** What the provisioner is told of volumes; it alone knows what that means. */
export function validateParameters(
  parameters: { readonly [key: string]: string } | undefined,
  at: Path,
): readonly FieldError[] {
  const entries = Object.entries(parameters ?? {})
  if (entries.length > maxParameters) return [tooLong(at, maxParameters)]
  const errors = entries.flatMap(([key]) => (key === '' ? [invalidValue(at, key, 'field can not be empty.')] : []))
  const size = entries.reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0)
  return size > maxSize ? [...errors, tooLong(at, maxSize)] : errors
}
