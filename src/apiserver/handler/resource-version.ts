import { badRequest, failure, quote } from '#machinery'
import type { StatusError } from '#machinery'

/**
 * A resourceVersion parameter as number.
 * @throws StatusError BadRequest
 */
export function parseResourceVersion(text: string): number {
  return parse(text, (why) => badRequest(`invalid resource version: ${why}`))
}

/**
 * The same for a watch and for one object, which say it otherwise.
 * @throws StatusError of code 500 without a reason
 */
export function parsePlainVersion(text: string): number {
  return parse(text, (why) => failure(500, '', why))
}

function parse(text: string, refusal: (why: string) => StatusError): number {
  const complaint = (why: string): StatusError =>
    refusal(`resourceVersion: Invalid value: ${quote(text)}: strconv.ParseUint: parsing ${quote(text)}: ${why}`)
  if (!/^\d+$/.test(text)) throw complaint('invalid syntax')
  const revision = Number(text)
  if (revision > Number.MAX_SAFE_INTEGER) throw complaint('value out of range')
  return revision
}

/** The server has not reached the revision that a read must not be older than; the client may try again. */
export function tooLargeResourceVersion(wanted: number, current: number): StatusError {
  return failure(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  })
}
