import { messageOf } from '#base'

/** The embedded store can't be opened. The message says why, and what to do where something can be done. */
export class StoreOpenError extends Error {
  readonly code: 'StoreInUse' | 'StoreCorrupt' | 'StoreNewerFormat' | 'StoreInaccessible'
  readonly directory: string

  constructor(
    code: StoreOpenError['code'],
    directory: string,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options)
    this.name = 'StoreOpenError'
    this.code = code
    this.directory = directory
  }
}

export function corrupt(directory: string, what: string, cause?: unknown): StoreOpenError {
  const message = `the store in "${directory}" is corrupt: ${what}; restore it from a backup`
  return new StoreOpenError('StoreCorrupt', directory, message, { cause })
}

/** What it means that opening failed: the system's errors tell of the place, all others of the content. */
export function openError(directory: string, cause: unknown): StoreOpenError {
  if (cause instanceof StoreOpenError) return cause
  const isSystemError = cause instanceof Error && 'syscall' in cause
  if (!isSystemError) return corrupt(directory, messageOf(cause), cause)
  const message = `can't keep a store in "${directory}": ${cause.message}`
  return new StoreOpenError('StoreInaccessible', directory, message, { cause })
}
