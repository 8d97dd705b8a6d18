import { UserError } from './user-error.ts'

/**
 * Turns what the system says into what the user can do, where that is known.
 *
 * @param where folder or thing that was being worked on.
 * @param another what to take in its place, and by which flag.
 */
export function explain(error: unknown, where: string, another = 'folder with --data-dir'): unknown {
  if (error instanceof UserError) return error
  if (isSuppressed(error)) return explain(error.suppressed, where, another)
  const { code, path } = systemError(error) ?? {}
  const cause = { cause: error }
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new UserError(`the disk of ${where} is full: make room, or take another ${another}`, cause)
    case 'EROFS':
      return new UserError(`${where} lies on a file system that is read-only: take another ${another}`, cause)
    case 'EACCES':
    case 'EPERM':
      return new UserError(`access to ${where} is denied: start as root (sudo), or take another ${another}`, cause)
    case 'ENOTDIR':
      return new UserError(`${where} is no folder, or lies below what is none: take another ${another}`, cause)
    case 'ENOENT':
      if (path === undefined || path === where) return error
      return new UserError(
        `${path} does not exist, or is a link that leads nowhere: put it right, or take another ${another}`,
        cause,
      )
    case 'EISDIR':
      return new UserError(
        path === undefined || path === where
          ? `${where} is a folder, or has one where a file should be: take another ${another}`
          : `${path} is a folder where a file should be: put it right, or take another ${another}`,
        cause,
      )
    case 'ENXIO':
      return new UserError(`nobody reads ${where}, which is a pipe or a socket: take another ${another}`, cause)
    case 'ELOOP':
      return new UserError(`links on the way to ${where} lead in a circle: take another ${another}`, cause)
    case 'ENAMETOOLONG':
      return new UserError(`the path ${where} is too long: take another ${another}`, cause)
    case 'EIO':
      return new UserError(`the disk of ${where} can't be read or written: take another ${another}`, cause)
    case 'EMFILE':
    case 'ENFILE':
      return new UserError('too many files are open: raise the limit (ulimit -n 65536) and start again', cause)
    default:
      return explainStore(error)
  }
}

/** Certificates and keys that are there and can't be used. */
export function explainCertificates(error: unknown, folder: string): unknown {
  if (systemError(error) || !(error instanceof Error)) return error
  if (error.name === 'AuthorityTimeError') {
    return new UserError(`${error.message}: set the clock right, or begin anew (k8ts down --delete)`, { cause: error })
  }
  return new UserError(
    `certificates in ${folder} can't be used (${error.message}): ` +
      'restore them from a backup, or begin anew (k8ts down --delete)',
    { cause: error },
  )
}

/** What the store says of its files is for the user already; where they are damaged there is one way more. */
function explainStore(error: unknown): unknown {
  if (!(error instanceof Error && error.name === 'StoreOpenError')) return error
  const isCorrupt = 'code' in error && error.code === 'StoreCorrupt'
  const otherwise = isCorrupt ? ', or begin anew (k8ts down --delete)' : ''
  return new UserError(`${error.message}${otherwise}`, { cause: error })
}

/** What went wrong when undoing failed as well: what was there first made the rest of it. */
const isSuppressed = (error: unknown): error is Error & { readonly suppressed: unknown } =>
  error instanceof Error && error.name === 'SuppressedError' && 'suppressed' in error

/** What the system said, also where another error has it as its cause. A path is that of a file, not of a program. */
function systemError(error: unknown): { readonly code: string; readonly path: string | undefined } | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code, path, dest, syscall = '' } = at as NodeJS.ErrnoException & { readonly dest?: string }
    if (code !== undefined && /^E[A-Z]+$/.test(code)) {
      return { code, path: syscall.startsWith('spawn') ? undefined : (dest ?? path) }
    }
  }
  return undefined
}
