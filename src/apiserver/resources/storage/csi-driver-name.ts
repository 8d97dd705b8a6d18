import { byteLength, invalidValue, isDNS1123Subdomain, required, tooLong } from '#machinery'
import type { FieldError, Path } from '#machinery'

const maxName = 63

export function validateCSIDriverName(name: string, at: Path): readonly FieldError[] {
  if (name === '') return [required(at)]
  return [
    ...(byteLength(name) > maxName ? [tooLong(at, maxName)] : []),
    ...isDNS1123Subdomain(name.toLowerCase()).map((problem) => invalidValue(at, name, problem)),
  ]
}
