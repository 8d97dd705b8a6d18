import { badRequest, failure, quote } from '#machinery'
import type { StatusError } from '#machinery'

/**
 * A resourceVersion parameter as number: of those that no store reaches, near enough.
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
  if (BigInt.asUintN(64, BigInt(text)) !== BigInt(text)) throw complaint('value out of range')
  return Number(text)
}

/**
 * The server has not reached the revision that a read must not be older than.
 * @param retryAfterSeconds when the client may try again, where it is to be told
 */
export function tooLargeResourceVersion(
  wanted: bigint | number,
  current: number,
  retryAfterSeconds: number | undefined,
): StatusError {
  return failure(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  })
}
