import { messageOf } from '#base'
import type { Pod } from '#api/core/v1'
import { serviceaccounts } from '#api/core/v1'
import type { Client } from '#client'
import type { ObjectIdentity } from '../images/credential.ts'
import type { TokenCache } from '../objects/tokens.ts'
import { specOf } from '../pods/containers.ts'
import type { TokenAttributes } from './config.ts'

/** As whom a plugin asks a registry for a pod's image. */
export interface PodAccount {
  readonly identity: ObjectIdentity
  readonly annotations: { readonly [key: string]: string }
  /** A token of the account, bound to the pod. */
  readonly token: string
}

/** Seconds that the API server gives tokens when nobody asks for more. */
const tokenSeconds = 3600

/** Reads what plugins want to know of service accounts. */
export class PodAccounts {
  readonly #client: Client
  readonly #tokens: TokenCache

  constructor(client: Client, tokens: TokenCache) {
    this.#client = client
    this.#tokens = tokens
  }

  /**
   * @returns `none` for a pod without an account, `unfit` for an account without an annotation that has to be there.
   * @throws Error when the account can't be read, or no token be had.
   */
  async of(pod: Pod, attributes: TokenAttributes): Promise<PodAccount | 'none' | 'unfit'> {
    const name = specOf(pod).serviceAccountName ?? ''
    if (name === '') return 'none'
    const { namespace = '' } = pod.metadata
    const account = await this.#client.get(serviceaccounts, { namespace, name }).catch((cause: unknown) => {
      throw new Error(`failed to get service account: ${messageOf(cause)}`, { cause })
    })
    const given = account.metadata.annotations ?? {}
    const needed = attributes.requiredServiceAccountAnnotationKeys ?? []
    const wanted = attributes.optionalServiceAccountAnnotationKeys ?? []
    if (needed.some((key) => given[key] === undefined)) return 'unfit'
    const shown = Object.keys(given).filter((key) => needed.includes(key) || wanted.includes(key))
    const annotations = Object.fromEntries(shown.sort().map((key) => [key, given[key] ?? '']))
    const { uid = '' } = account.metadata
    const request = {
      audience: attributes.serviceAccountTokenAudience,
      expirationSeconds: tokenSeconds,
      accountUid: uid,
    }
    const { token } = await this.#tokens.get(pod, request).catch((cause: unknown) => {
      throw new Error(`failed to get service account token: ${messageOf(cause)}`, { cause })
    })
    return { identity: { uid, namespace, name }, annotations, token }
  }
}
