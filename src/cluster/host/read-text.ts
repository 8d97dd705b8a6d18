import { readFileSync } from 'node:fs'
import { UserError } from '../user-error.ts'

/** The text of a file that somebody named. @throws UserError when it can't be read */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new UserError(`${file} can't be read (${(cause as Error).message}): check the path`, { cause })
  }
}
