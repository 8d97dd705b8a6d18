import type { Secret } from '#api/core/v1'
import type { AuthConfig } from '../runtime/images.ts'

/** What docker keeps of one registry. */
export interface Login {
  readonly username?: string
  readonly password?: string
  /** `username:password` in base64; goes before the two. */
  readonly auth?: string
}

/** By location: a host that may have globs, a port and a path. */
export interface Logins {
  readonly [location: string]: Login
}

/** What a pull secret holds, nothing when it is none. @throws SyntaxError when it holds no JSON. */
export function loginsOf(secret: Secret): Logins {
  if (secret.type === 'kubernetes.io/dockerconfigjson') {
    const config = jsonOf(secret.data?.['.dockerconfigjson']) as { readonly auths?: Logins }
    return config.auths ?? {}
  }
  return secret.type === 'kubernetes.io/dockercfg' ? (jsonOf(secret.data?.['.dockercfg']) as Logins) : {}
}

/**
 * What docker's own file holds: logins below `auths` in the current format, by themselves in the former one.
 *
 * @throws SyntaxError, TypeError when it is none.
 */
export function readDockerConfig(text: string, isCurrent: boolean): Logins {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) throw new TypeError('it is no object')
  const logins = isCurrent ? ((value as { readonly auths?: Logins }).auths ?? {}) : (value as Logins)
  // What can't be read of one login spoils the file.
  for (const login of Object.values(logins)) authOf(login)
  return logins
}

function jsonOf(data: string | undefined): object {
  if (data === undefined || data === '') return {}
  const value: unknown = JSON.parse(utf8(data))
  return typeof value === 'object' && value !== null ? value : {}
}

const utf8 = (base64: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))

export function authOf({ username, password, auth }: Login): AuthConfig {
  if (auth !== undefined && auth !== '') {
    const pair = utf8(auth)
    const colon = pair.indexOf(':')
    if (colon >= 0) return { username: pair.slice(0, colon), password: pair.slice(colon + 1) }
  }
  return { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) }
}
