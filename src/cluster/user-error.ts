/**
 * Something went wrong that the user can put right. The message is one sentence without full stop that ends with the
 * remedy; it is all that is printed.
 */
export class UserError extends Error {
  readonly code = 'User'
  /** What the process ends with: 1 when an action failed, 2 when it was called wrongly. */
  readonly exitCode: number

  constructor(message: string, options: { readonly exitCode?: number; readonly cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.name = 'UserError'
    this.exitCode = options.exitCode ?? 1
  }

  /** Parts of the program that are bundled apart have each a class of their own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'UserError'
  }
}

/** The command line is wrong. */
export const usageError = (message: string): UserError => new UserError(message, { exitCode: 2 })
