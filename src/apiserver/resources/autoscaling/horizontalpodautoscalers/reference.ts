import type { CrossVersionObjectReference } from '#api/autoscaling/v2'
import { invalidValue, isPathSegmentName, JsonError, parseGroupVersion, required } from '#machinery'
import type { FieldError, Path } from '#machinery'

/** What a reference may say of the version of what it refers to. */
export interface ReferenceRules {
  /** The version is not looked at. */
  readonly anyVersion: boolean
  readonly emptyGroup: boolean
}

export function validateReference(
  reference: CrossVersionObjectReference,
  at: Path,
  rules: ReferenceRules,
): readonly FieldError[] {
  const problem = apiVersionProblem(reference, rules)
  return [
    ...validateSegment(reference.kind, at.child('kind')),
    ...validateSegment(reference.name, at.child('name')),
    ...(problem === undefined ? [] : [invalidValue(at.child('apiVersion'), reference.apiVersion ?? '', problem)]),
  ]
}

function validateSegment(value: string, at: Path): readonly FieldError[] {
  if (value === '') return [required(at)]
  return isPathSegmentName(value).map((problem) => invalidValue(at, value, problem))
}

/** What is wrong with the version that a reference names. */
export function apiVersionProblem(
  { apiVersion = '' }: CrossVersionObjectReference,
  { anyVersion, emptyGroup }: ReferenceRules,
): string | undefined {
  if (anyVersion) return undefined
  try {
    const { group } = parseGroupVersion(apiVersion)
    return group === '' && !emptyGroup ? 'apiVersion must specify API group' : undefined
  } catch (error) {
    if (error instanceof JsonError) return error.message
    throw error
  }
}
