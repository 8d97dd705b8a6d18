import type { CustomResourceDefinitionNames } from '#api/apiextensions/v1'
import { invalidValue, isDNS1035Label } from '#machinery'
import type { FieldError, Path } from '#machinery'

/** Rules of the names of a resource, wanted or accepted. */
export function validateNames(names: CustomResourceDefinitionNames, path: Path): FieldError[] {
  const errors: FieldError[] = []
  const label = (at: Path, value: string): void => {
    const problems = value === '' ? [] : isDNS1035Label(value)
    if (problems.length > 0) errors.push(invalidValue(at, value, problems.join(',')))
  }
  const mixed = (at: Path, value: string): void => {
    const problems = value === '' ? [] : isDNS1035Label(value.toLowerCase())
    const detail = `may have mixed case, but should otherwise match: ${problems.join(',')}`
    if (problems.length > 0) errors.push(invalidValue(at, value, detail))
  }
  const { plural, singular = '', kind, listKind = '', shortNames = [], categories = [] } = names
  label(path.child('plural'), plural)
  label(path.child('singular'), singular)
  mixed(path.child('kind'), kind)
  mixed(path.child('listKind'), listKind)
  const each = (field: string, values: readonly string[]): void =>
    values.forEach((value, index) => {
      const problems = isDNS1035Label(value)
      if (problems.length > 0) errors.push(invalidValue(path.child(field).index(index), value, problems.join(',')))
    })
  each('shortNames', shortNames)
  if (kind !== '' && kind === listKind)
    errors.push(invalidValue(path.child('listKind'), listKind, 'kind and listKind may not be the same'))
  each('categories', categories)
  return errors
}
