import type { ServiceReference, WebhookClientConfig } from '#api/admissionregistration/v1'
import { invalidValue, isDNS1123Subdomain, isPortNumber, required, urlProblem } from '#machinery'
import type { FieldError, Path } from '#machinery'

/** How a webhook is reached: at a URL, or through a service. */
export function validateClientConfig({ url, service }: WebhookClientConfig, at: Path): readonly FieldError[] {
  if (url !== undefined && !service) return validateURL(url, at.child('url'))
  if (service && url === undefined) return validateService(service, at.child('service'))
  return [required(at, 'exactly one of url or service is required')]
}

const form = '; desired format: https://host[/path]'
const pattern = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?[^?#]*(\?[^#]*)?(#.*)?$/

/** The URL of a webhook. */
export function validateURL(text: string, at: Path): readonly FieldError[] {
  const problem = urlProblem(text)
  if (problem !== undefined) return [required(at, `url must be a valid URL: ${problem}${form}`)]
  const [, scheme = '', authority = '', query = '', fragment = ''] = pattern.exec(text) ?? []
  const user = authority.slice(0, Math.max(0, authority.lastIndexOf('@')))
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  const errors: FieldError[] = []
  if (scheme.toLowerCase() !== 'https')
    errors.push(invalidValue(at, scheme.toLowerCase(), `'https' is the only allowed URL scheme${form}`))
  if (host === '') errors.push(invalidValue(at, host, `host must be specified${form}`))
  if (authority.includes('@')) errors.push(invalidValue(at, user, 'user information is not permitted in the URL'))
  if (fragment.length > 1) errors.push(invalidValue(at, fragment.slice(1), 'fragments are not permitted in the URL'))
  if (query.length > 1) errors.push(invalidValue(at, query.slice(1), 'query parameters are not permitted in the URL'))
  return errors
}

/** The service of a webhook. Upstream says `name` of a missing namespace, and the other way round. */
export function validateService(
  { namespace, name, path, port = 0 }: ServiceReference,
  at: Path,
): readonly FieldError[] {
  const errors: FieldError[] = []
  if (namespace === '') errors.push(required(at.child('name')))
  if (name === '') errors.push(required(at.child('namespace')))
  const problems = isPortNumber(port)
  if (problems.length > 0)
    errors.push(invalidValue(at.child('port'), port, `port is not valid: ${problems.join(', ')}`))
  return path === undefined ? errors : [...errors, ...validatePath(path, at.child('path'))]
}

function validatePath(path: string, at: Path): readonly FieldError[] {
  if (path === '/' || path === '') return []
  if (path === '//') return [invalidValue(at, path, 'segment[0] may not be empty')]
  const errors = path.startsWith('/') ? [] : [invalidValue(at, path, "must start with a '/'")]
  const rest = path.slice(1)
  const steps = (rest.endsWith('/') ? rest.slice(0, -1) : rest).split('/')
  for (const [index, step] of steps.entries()) {
    if (step === '') errors.push(invalidValue(at, path, `segment[${index}] may not be empty`))
    else
      for (const problem of isDNS1123Subdomain(step))
        errors.push(invalidValue(at, path, `segment[${index}]: ${problem}`))
  }
  return errors
}
