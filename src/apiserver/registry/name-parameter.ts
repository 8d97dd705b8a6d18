import { badRequest, isPathSegmentName, quote } from '#machinery'

/**
 * Makes sure that the name somebody asks for can be that of an object: names are segments of paths.
 * @throws StatusError BadRequest
 */
export function requireNameParameter(name: string): void {
  if (name === '') throw badRequest('Name parameter required.')
  const problems = isPathSegmentName(name)
  if (problems.length > 0) throw badRequest(`Name parameter invalid: ${quote(name)}: ${problems.join(';')}`)
}
