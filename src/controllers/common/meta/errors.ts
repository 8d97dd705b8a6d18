import { messageOf } from '#base'
import { StatusError } from '#machinery'

/** One error of several: itself where it is alone, else their messages in brackets, each once. */
export function aggregateError(errors: readonly unknown[]): unknown {
  if (errors.length <= 1) return errors[0]
  const messages = [...new Set(errors.map(messageOf))]
  return new AggregateError(errors, messages.length === 1 ? messages[0] : `[${messages.join(', ')}]`)
}

/** Throws the errors that came together, if any did. */
export function throwAll(errors: readonly unknown[]): void {
  if (errors.length > 0) throw aggregateError(errors)
}

/** The server does not do this to the resource. */
export function isMethodNotAllowed(error: unknown): boolean {
  return error instanceof StatusError && error.status.code === 405
}

/** The server does not know this kind of patch for the resource. */
export function isUnsupportedMediaType(error: unknown): boolean {
  return error instanceof StatusError && error.status.code === 415
}
