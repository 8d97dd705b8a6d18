import { openWithin } from './open-within.ts'

const unreadable = "couldn't parse env file"

/**
 * A variable of an environment file in a folder; `undefined` where the file has none such. What is opened has to lie in the
 * folder: containers write there, and may turn links around.
 *
 * @throws Error with the message users see.
 */
export async function readVariable(folder: string, path: string, key: string): Promise<string | undefined> {
  return variableIn(await readWithin(folder, path), key)
}

async function readWithin(folder: string, path: string): Promise<string> {
  try {
    const file = await openWithin(folder, path)
    try {
      return await file.readFile('utf8')
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw new Error(unreadable, { cause })
  }
}

/** A variable of an environment file: `NAME='value'` lines, comments and blank lines. @throws Error for other lines. */
function variableIn(text: string, key: string): string | undefined {
  let found: string | undefined
  for (const line of text.split('\n')) {
    const trimmed = line.trimStart()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const match = /^([A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*'([^']*)'\s*(?:#.*)?$/.exec(trimmed)
    if (!match) throw new Error(unreadable)
    if (match[1] === key) found ??= match[2]
  }
  return found
}
