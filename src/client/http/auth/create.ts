import type { Clock, Logger } from '#base'
import type { HttpConfig, Impersonation } from '../config.ts'
import { basic, bearer, fixedHeaders } from './credentials.ts'
import type { Credentials, RequestHeaders } from './credentials.ts'
import { execCredentials } from './exec.ts'
import { tokenFile } from './token-file.ts'

/** The credentials that a configuration names, with the headers of impersonation. */
export function createCredentials(config: HttpConfig, clock: Clock, log: Logger): Credentials {
  const own = ownCredentials(config, clock, log)
  if (!config.impersonate) return own
  const more = impersonationHeaders(config.impersonate)
  return { ...own, headers: async () => ({ ...(await own.headers()), ...more }) }
}

function ownCredentials(config: HttpConfig, clock: Clock, log: Logger): Credentials {
  const { token, tokenFile: path, username, password, exec, clientCertificate } = config
  if (path) return tokenFile(path, clock, log, token)
  if (token) return fixedHeaders(bearer(token))
  if (username || password) return fixedHeaders(basic(username ?? '', password ?? ''))
  // A certificate of our own goes before the program: asking it would mean to want its answer.
  if (exec && !clientCertificate) return execCredentials(exec, clock)
  return fixedHeaders({})
}

function impersonationHeaders({ user, uid, groups = [], extra = {} }: Impersonation): RequestHeaders {
  const headers: { [name: string]: string | readonly string[] } = { 'impersonate-user': user }
  if (uid) headers['impersonate-uid'] = uid
  if (groups.length > 0) headers['impersonate-group'] = groups
  for (const [key, values] of Object.entries(extra)) {
    headers[`impersonate-extra-${encodeURIComponent(key).toLowerCase()}`] = values
  }
  return headers
}
