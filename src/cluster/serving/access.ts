import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { tokenreviews } from '#api/authentication/v1'
import { subjectaccessreviews } from '#api/authorization/v1'
import type { Client, UserInfo } from '#client'

const anonymous: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] }
/** Milliseconds that an answer of the API server is remembered. */
const rememberMs = 10_000
const mostRemembered = 1024

/** Who may see what a component tells of itself: the API server decides, by RBAC on paths. */
export class DelegatedAccess {
  readonly #client: Client
  readonly #users = new Map<string, Remembered<UserInfo | undefined>>()
  readonly #decisions = new Map<string, Remembered<boolean>>()

  /** @param client may create TokenReviews and SubjectAccessReviews. */
  constructor(client: Client) {
    this.#client = client
  }

  /** Who asks; `undefined` when the credentials are not good. @throws what the API server throws */
  async userOf(request: IncomingMessage): Promise<UserInfo | undefined> {
    const socket = request.socket as TLSSocket
    if (socket.authorized) {
      const { CN, O } = socket.getPeerCertificate().subject
      if (CN !== undefined) return { name: String(CN), groups: [...[O ?? []].flat(), 'system:authenticated'] }
    }
    const token = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) return request.headers.authorization === undefined ? anonymous : undefined
    return remembered(this.#users, token, async () => {
      const { status } = await this.#client.create(tokenreviews, { metadata: {}, spec: { token } })
      if (!status?.authenticated) return undefined
      const { username = '', groups = [], uid, extra } = status.user ?? {}
      return {
        name: username,
        groups,
        ...(uid === undefined ? {} : { uid }),
        ...(extra === undefined ? {} : { extra }),
      }
    })
  }

  /** @throws what the API server throws */
  allows(user: UserInfo, verb: string, path: string): Promise<boolean> {
    if (user.groups.includes('system:masters')) return Promise.resolve(true)
    return remembered(this.#decisions, JSON.stringify([user, verb, path]), async () => {
      const { name, groups, uid, extra } = user
      const { status } = await this.#client.create(subjectaccessreviews, {
        metadata: {},
        spec: {
          user: name,
          groups,
          ...(uid === undefined ? {} : { uid }),
          ...(extra === undefined ? {} : { extra }),
          nonResourceAttributes: { verb, path },
        },
      })
      return status?.allowed ?? false
    })
  }
}

interface Remembered<T> {
  readonly value: T
  readonly until: number
}

async function remembered<T>(memory: Map<string, Remembered<T>>, key: string, find: () => Promise<T>): Promise<T> {
  const known = memory.get(key)
  if (known && known.until > performance.now()) return known.value
  const value = await find()
  if (memory.size >= mostRemembered) memory.clear()
  memory.set(key, { value, until: performance.now() + rememberMs })
  return value
}
