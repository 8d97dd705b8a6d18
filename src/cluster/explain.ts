import { UserError } from './user-error.ts'

/**
 * Turns what the system says into what the user can do, where that is known.
 *
 * @param where folder or thing that was being worked on.
 */
export function explain(error: unknown, where: string): unknown {
  if (error instanceof UserError) return error
  const code = codeOf(error)
  const cause = { cause: error }
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new UserError(`the disk of ${where} is full: make room, or take another folder with --data-dir`, cause)
    case 'EROFS':
      return new UserError(
        `${where} lies on a file system that is read-only: take another folder with --data-dir`,
        cause,
      )
    case 'EACCES':
    case 'EPERM':
      return new UserError(
        `access to ${where} is denied: start as root (sudo), or take another folder with --data-dir`,
        cause,
      )
    case 'EMFILE':
    case 'ENFILE':
      return new UserError('too many files are open: raise the limit (ulimit -n 65536) and start again', cause)
    default:
      return error
  }
}

/** Code of a system error, also where another error has it as its cause. */
function codeOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException
    if (code !== undefined && /^E[A-Z]+$/.test(code)) return code
  }
  return undefined
}
