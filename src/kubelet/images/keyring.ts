import type { Secret } from '#api/core/v1'
import type { AuthConfig } from '../runtime/images.ts'

/** Credentials of one registry location, and the secret they come from. */
export interface Credential {
  readonly auth: AuthConfig
  readonly secret: { readonly uid: string; readonly namespace: string; readonly name: string }
}

interface Login {
  readonly username?: string
  readonly password?: string
  readonly auth?: string
}

const dockerHub = 'index.docker.io'

/** Credentials in pull secrets that may open a repository, the most specific location first. */
export function credentialsFor(repository: string, secrets: readonly Secret[]): Credential[] {
  const byLocation = new Map<string, Credential[]>()
  for (const secret of secrets) {
    const { uid = '', namespace = '', name = '' } = secret.metadata
    for (const [location, login] of Object.entries(loginsOf(secret))) {
      const key = keyOf(location)
      const found = byLocation.get(key) ?? []
      byLocation.set(key, [...found, { auth: authOf(login), secret: { uid, namespace, name } }])
    }
  }
  const keys = [...byLocation.keys()].sort().reverse()
  const matching = keys.filter((key) => matches(key, repository)).flatMap((key) => byLocation.get(key) ?? [])
  if (matching.length > 0) return matching
  return repository.startsWith('docker.io/') ? (byLocation.get(dockerHub) ?? []) : []
}

function loginsOf(secret: Secret): { readonly [location: string]: Login } {
  if (secret.type === 'kubernetes.io/dockerconfigjson') {
    const config = jsonOf(secret.data?.['.dockerconfigjson']) as { readonly auths?: { readonly [at: string]: Login } }
    return config.auths ?? {}
  }
  if (secret.type === 'kubernetes.io/dockercfg') {
    return jsonOf(secret.data?.['.dockercfg']) as { readonly [location: string]: Login }
  }
  return {}
}

/** @throws SyntaxError when a secret holds no JSON. */
function jsonOf(data: string | undefined): object {
  if (data === undefined || data === '') return {}
  const value: unknown = JSON.parse(utf8(data))
  return typeof value === 'object' && value !== null ? value : {}
}

const utf8 = (base64: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))

function authOf({ username, password, auth }: Login): AuthConfig {
  if (auth !== undefined && auth !== '') {
    const pair = utf8(auth)
    const colon = pair.indexOf(':')
    if (colon >= 0) return { username: pair.slice(0, colon), password: pair.slice(colon + 1) }
  }
  return { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) }
}

/** Host and path of a location, without scheme and API version. */
function keyOf(location: string): string {
  const bare = location.replace(/^https?:\/\//, '')
  const slash = bare.indexOf('/')
  if (slash < 0) return bare
  const host = bare.slice(0, slash)
  const path = bare.slice(slash).replace(/^\/v[12]\//, '/')
  return path === '/' ? host : host + path
}

/** Whether a location covers a repository: equal port, host labels that match one by one, path that begins alike. */
function matches(location: string, repository: string): boolean {
  const [globHost, globPath] = split(location)
  const [host, path] = split(repository)
  const [globLabels, globPort] = labelsOf(globHost)
  const [labels, port] = labelsOf(host)
  if (globPort !== port || globLabels.length !== labels.length || !path.startsWith(globPath)) return false
  return globLabels.every((glob, index) => labelMatches(glob, labels[index] ?? ''))
}

function split(location: string): [host: string, path: string] {
  const slash = location.indexOf('/')
  return slash < 0 ? [location, ''] : [location.slice(0, slash), location.slice(slash)]
}

function labelsOf(host: string): [labels: string[], port: string] {
  const [, name = host, port = ''] = /^(.*?)(?::(\d+))?$/.exec(host) ?? []
  return [name.split('.'), port]
}

function labelMatches(glob: string, label: string): boolean {
  if (!/[*?[]/.test(glob)) return glob === label
  const pattern = glob
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
  return new RegExp(`^${pattern}$`).test(label)
}
