/** What the system calls of a file failed with, as users know it: `open /path: no such file or directory`. */
export function told(error: unknown): unknown {
  const { code, syscall, path, message } = error as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined || path === undefined) return error
  const text = message.slice(code.length + 2).replace(new RegExp(`, ${syscall}.*$`, 's'), '')
  return new Error(`${syscall} ${path}: ${text}`, { cause: error })
}
