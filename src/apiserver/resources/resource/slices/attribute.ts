import type { DeviceAttribute } from '#api/resource/v1'
import { byteLength, invalidValue, tooLong } from '#machinery'
import type { FieldError, Path } from '#machinery'

const maxValue = 64
const number = '(0|[1-9]\\d*)'
const preRelease = '(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)'
const build = '[0-9a-zA-Z-]+'
const semanticVersion = new RegExp(
  `^${number}\\.${number}\\.${number}(-${preRelease}(\\.${preRelease})*)?(\\+${build}(\\.${build})*)?$`,
)

const lists = ['bools', 'ints', 'strings', 'versions'] as const

/** How many values the attributes of a device have together. */
export function countValues(attributes: { readonly [name: string]: DeviceAttribute }): number {
  return Object.values(attributes).reduce((sum, attribute) => {
    const listed = lists.reduce((count, name) => count + (attribute[name] ?? []).length, 0)
    return sum + Math.max(listed, 1)
  }, 0)
}

/** One value of one of the types. */
export function validateAttribute(attribute: DeviceAttribute, at: Path): readonly FieldError[] {
  const set = Object.values(attribute).filter((value) => value !== undefined).length
  const errors: FieldError[] = []
  if (attribute.string !== undefined) errors.push(...validateString(attribute.string, at.child('string')))
  if (attribute.version !== undefined) errors.push(...validateVersion(attribute.version, at.child('version')))
  for (const name of lists) {
    const list = attribute[name]
    if (list === undefined) continue
    const path = at.child(name)
    if (list.length === 0) errors.push(invalidValue(path, list, 'must not be empty if specified'))
    const check = name === 'strings' ? validateString : name === 'versions' ? validateVersion : undefined
    for (const [index, value] of list.entries())
      if (check && typeof value === 'string') errors.push(...check(value, path.index(index)))
  }
  if (set === 0) errors.push(invalidValue(at, '', 'exactly one value must be specified'))
  if (set > 1) errors.push(invalidValue(at, printed(attribute), 'exactly one value must be specified'))
  return errors
}

const validateString = (value: string, at: Path): readonly FieldError[] =>
  byteLength(value) > maxValue ? [tooLong(at, maxValue)] : []

function validateVersion(value: string, at: Path): readonly FieldError[] {
  const why = 'must be a string compatible with semver.org spec 2.0.0'
  return [...(semanticVersion.test(value) ? [] : [invalidValue(at, value, why)]), ...validateString(value, at)]
}

/** As messages print an attribute. */
function printed({ int, bool, string, version, ints, bools, strings, versions }: DeviceAttribute): unknown {
  return {
    IntValue: int ?? null,
    BoolValue: bool ?? null,
    StringValue: string ?? null,
    VersionValue: version ?? null,
    IntValues: ints ?? null,
    BoolValues: bools ?? null,
    StringValues: strings ?? null,
    VersionValues: versions ?? null,
  }
}
