import { byteLength, invalidValue, isDNS1123Label, isDNS1123Subdomain, quote, required, tooLong } from '#machinery'
import type { FieldError, Path } from '#machinery'

const maxDomain = 253
const maxPath = 253 + 63 + 1
const maxName = maxDomain + maxPath + 1

/** The name of a signer: a domain of two segments or more, a slash, and a path. */
export function validateSignerName(name: string, at: Path): readonly FieldError[] {
  if (name === '') return [required(at)]
  const [domain = '', path, ...more] = name.split('/')
  if (path === undefined || more.length > 0) {
    const why = "must be a fully qualified domain and path of the form 'example.com/signer-name'"
    return [invalidValue(at, name, why)]
  }
  const errors: FieldError[] = []
  if (byteLength(domain) > maxDomain) errors.push(tooLong(at, maxDomain))
  const labels = domain.split('.')
  errors.push(...firstProblems(labels, isDNS1123Label, domain, at))
  if (labels.length < 2)
    errors.push(invalidValue(at, domain, 'should be a domain with at least two segments separated by dots'))
  errors.push(...firstProblems(path.split('.'), isDNS1123Subdomain, path, at))
  if (byteLength(name) > maxName) errors.push(tooLong(at, maxName))
  return errors
}

/** What is wrong with the first label that is not right. */
function firstProblems(
  labels: readonly string[],
  problemsOf: (label: string) => readonly string[],
  whole: string,
  at: Path,
): readonly FieldError[] {
  const label = labels.find((one) => problemsOf(one).length > 0)
  if (label === undefined) return []
  return problemsOf(label).map((problem) => invalidValue(at, whole, `validating label ${quote(label)}: ${problem}`))
}
