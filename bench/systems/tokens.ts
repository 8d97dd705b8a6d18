import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A file for `--token-auth-file` with an administrator. */
export async function writeTokens(folder: string): Promise<{ readonly token: string; readonly file: string }> {
  const token = randomBytes(16).toString('hex')
  const file = join(folder, 'tokens.csv')
  await writeFile(file, `${token},admin,1,"system:masters"\n`, { mode: 0o600 })
  return { token, file }
}
