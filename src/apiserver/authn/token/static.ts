import type { UserInfo } from '#client'
import type { TokenAuthenticator } from '../authenticator.ts'

/** Users by tokens that do not change while the server runs. */
export function staticTokenAuthenticator(users: ReadonlyMap<string, UserInfo>): TokenAuthenticator {
  const answers = new Map([...users].map(([token, user]) => [token, { user }]))
  return { authenticate: (token) => answers.get(token) }
}

/**
 * Reads a token file: records of token, user name, user uid and, in quotes where there are several, groups, separated by
 * commas (RFC 4180). Records without a token are left out; of several with the same token the last counts.
 *
 * @throws Error when a record has less than three fields or a quote is not closed
 */
export function parseTokenFile(text: string): ReadonlyMap<string, UserInfo> {
  const users = new Map<string, UserInfo>()
  for (const record of parseCsv(text)) {
    const [token, name, uid, groups] = record
    if (token === undefined || name === undefined || uid === undefined) {
      throw new Error(
        `read token file: it must have at least 3 columns (token, user name, user uid), found ${record.length}`,
      )
    }
    if (token !== '')
      users.set(token, { name, ...(uid === '' ? {} : { uid }), groups: groups === undefined ? [] : groups.split(',') })
  }
  return users
}

const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y

function parseCsv(text: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  field.lastIndex = 0
  while (field.lastIndex < text.length || record.length > 0) {
    const match = field.exec(text)
    if (!match) throw new Error(`read token file: record ${records.length + 1} has a quote out of place`)
    const [, quoted, plain = '', end] = match
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    // Empty lines are no records.
    if (record.length > 1 || record[0] !== '') records.push(record)
    record = []
  }
  return records
}
