import type { ParamKind, ParamRef } from '#api/admissionregistration/v1'
import {
  fieldForbidden,
  invalidValue,
  isDNS1035Label,
  isDNS1123Subdomain,
  isPathSegmentName,
  JsonError,
  notSupported,
  parseGroupVersion,
  required,
  validateLabelSelector,
} from '#machinery'
import type { FieldError, Path } from '#machinery'

/** The kind of the objects that a policy takes its parameters from. */
export function validateParamKind({ apiVersion = '', kind = '' }: ParamKind, at: Path): readonly FieldError[] {
  const errors = [...validateVersion(apiVersion, at.child('apiVersion'))]
  if (kind === '') return [...errors, required(at.child('kind'))]
  const problems = isDNS1035Label(kind.toLowerCase())
  if (problems.length === 0) return errors
  const why = `may have mixed case, but should otherwise match: ${problems.join(',')}`
  return [...errors, invalidValue(at.child('kind'), kind, why)]
}

function validateVersion(apiVersion: string, at: Path): readonly FieldError[] {
  if (apiVersion === '') return [required(at)]
  try {
    const { group, version } = parseGroupVersion(apiVersion)
    const errors: FieldError[] = []
    const groupProblems = group === '' ? [] : isDNS1123Subdomain(group)
    if (groupProblems.length > 0) errors.push(invalidValue(at, group, groupProblems.join(',')))
    const versionProblems = version === '' ? [] : isDNS1035Label(version)
    if (version === '') errors.push(invalidValue(at, apiVersion, 'version must be specified'))
    else if (versionProblems.length > 0) errors.push(invalidValue(at, version, versionProblems.join(',')))
    return errors
  } catch (error) {
    if (error instanceof JsonError) return [invalidValue(at, apiVersion, error.message)]
    throw error
  }
}

const actions = ['Deny', 'Allow']
const exclusive = 'name and selector are mutually exclusive'

/** The objects themselves, by name or by labels. */
export function validateParamRef(ref: ParamRef | undefined, at: Path): readonly FieldError[] {
  if (!ref) return []
  const { name = '', selector, parameterNotFoundAction: action } = ref
  const errors: FieldError[] = []
  if (name !== '') {
    for (const problem of isPathSegmentName(name)) errors.push(invalidValue(at.child('name'), name, problem))
    if (selector) errors.push(fieldForbidden(at.child('name'), exclusive))
  }
  if (selector) {
    errors.push(...validateLabelSelector(selector, at.child('selector')))
    if (name !== '') errors.push(fieldForbidden(at.child('selector'), exclusive))
  }
  if (name === '' && !selector) errors.push(required(at, 'one of name or selector must be specified'))
  const path = at.child('parameterNotFoundAction')
  if (!action) errors.push(required(path))
  else if (!actions.includes(action)) errors.push(notSupported(path, action, actions))
  return errors
}
