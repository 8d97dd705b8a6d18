import type { Clock } from '#base'
import type { TokenRequest } from '#api/authentication/v1'
import { serviceaccounts } from '#api/core/v1'
import { createClient } from '#client'
import type { Client, Transport } from '#client'
import { isAlreadyExists, isNotFound } from '#machinery'

export interface ServiceAccountClientsOptions {
  /** May create service accounts of `kube-system` and ask for their tokens. */
  readonly client: Client
  /** Carries requests without credentials of its own. */
  readonly transport: Transport
  readonly clock: Clock
  /** How the clients call themselves. */
  readonly userAgent: string
}

interface Token {
  readonly text: string
  /** When the next one is asked for, in milliseconds since 1970. */
  readonly renewAt: number
}

const namespace = 'kube-system'
const lifetimeSeconds = 3600
/** Part of its life for which a token is used. */
const used = 0.8

/** Clients as service accounts of `kube-system`, made where they are missing, by tokens of an hour. */
export class ServiceAccountClients {
  readonly #options: ServiceAccountClientsOptions
  readonly #tokens = new Map<string, Promise<Token>>()

  constructor(options: ServiceAccountClientsOptions) {
    this.#options = options
  }

  /** @param account name of the service account. */
  for(account: string): Client {
    const { transport, userAgent } = this.#options
    const send: Transport = async (request) => {
      const { text } = await this.#token(account)
      const response = await transport({ ...request, headers: { ...request.headers, authorization: `Bearer ${text}` } })
      if (response.kind !== 'upgrade' && response.code === 401) this.#tokens.delete(account)
      return response
    }
    return createClient(send, { userAgent: `${userAgent}/system:serviceaccount:${namespace}:${account}` })
  }

  /** The one there is, or one that all who want it wait for together. */
  async #token(account: string): Promise<Token> {
    const known = this.#tokens.get(account)
    if (known) {
      const token = await known
      if (this.#options.clock.now() < token.renewAt) return token
      if (this.#tokens.get(account) !== known) return this.#token(account)
    }
    const wanted = this.#ask(account)
    this.#tokens.set(account, wanted)
    wanted.catch(() => this.#tokens.delete(account))
    return wanted
  }

  async #ask(account: string): Promise<Token> {
    const { client, clock } = this.#options
    const asked = clock.now()
    const request = (): Promise<TokenRequest> =>
      client.createSubresource(serviceaccounts, { namespace, name: account }, 'token', {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        metadata: {},
        spec: { expirationSeconds: lifetimeSeconds },
      })
    const answer = await request().catch(async (error: unknown) => {
      if (!isNotFound(error)) throw error
      await this.#create(account)
      return request()
    })
    const lifetime = Date.parse(answer.status?.expirationTimestamp ?? '') - asked
    return { text: answer.status?.token ?? '', renewAt: asked + lifetime * used }
  }

  async #create(name: string): Promise<void> {
    try {
      await this.#options.client.create(serviceaccounts, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { namespace, name },
      })
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
    }
  }
}
