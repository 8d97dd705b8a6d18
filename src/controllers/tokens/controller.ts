import { secrets, serviceaccounts } from '#api/core/v1'
import type { Secret, ServiceAccount } from '#api/core/v1'
import { retryOnConflict } from '#client'
import type { Controller, ControllerContext, Informer, Watch } from '#client'
import { encodeBase64, encodeText, isConflict, isNotFound } from '#machinery'
import { watchEvents } from '../common/meta/watch.ts'
import { accountNameAnnotation, accountOf, accountUidAnnotation, tokenSecrets, tokenType } from './legacy.ts'

/** Claims of a token that lives in a Secret. */
export interface LegacyTokenClaims {
  readonly iss: string
  readonly sub: string
  readonly 'kubernetes.io/serviceaccount/namespace': string
  readonly 'kubernetes.io/serviceaccount/secret.name': string
  readonly 'kubernetes.io/serviceaccount/service-account.name': string
  readonly 'kubernetes.io/serviceaccount/service-account.uid': string
}

export interface TokensOptions {
  readonly rootCA: string
  /** Signs claims as a JSON Web Token. */
  readonly sign: (claims: LegacyTokenClaims) => Promise<string>
}

const base64 = (text: string): string => encodeBase64(encodeText(text))

/** Fills Secrets that are to hold the token of a service account, and deletes those whose account is gone. */
export class TokensController implements Controller {
  readonly concurrency = 5
  readonly maxRetries = 10
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #options: TokensOptions
  readonly #accounts: Informer<ServiceAccount>
  readonly #secrets: Informer<Secret>

  constructor(context: ControllerContext, options: TokensOptions) {
    const { informers, queue } = context
    this.#context = context
    this.#options = options
    this.#accounts = informers.informer(serviceaccounts)
    this.#secrets = informers.informer(secrets, tokenSecrets)
    const enqueueAccount = (account: ServiceAccount): void => queue.add(accountKey(account))
    const enqueueSecret = (secret: Secret): void => {
      const key = secretKey(secret)
      if (key !== undefined) queue.add(key)
    }
    this.watches = [
      watchEvents(serviceaccounts, { deleted: enqueueAccount }),
      watchEvents(
        secrets,
        { added: enqueueSecret, updated: (_, secret) => enqueueSecret(secret), deleted: enqueueSecret },
        tokenSecrets,
      ),
    ]
  }

  async reconcile(key: string): Promise<void> {
    const [what, namespace = '', name = '', uid = '', account = '', accountUid = ''] = key.split('/')
    if (what === 'account') return this.#accountGone(namespace, name, uid)
    const secret = this.#secrets.lister.get({ namespace, name })
    if (secret?.metadata.uid !== uid) return this.#secretGone(namespace, name, account, accountUid)
    const owner = await this.#account(namespace, account, accountUid)
    if (owner) await this.#fill(secret, owner)
    else await this.#delete(secret)
  }

  async #accountGone(namespace: string, name: string, uid: string): Promise<void> {
    if (this.#accounts.lister.get({ namespace, name })?.metadata.uid === uid) return
    for (const secret of this.#secrets.lister.list(namespace)) {
      const account = accountOf(secret)
      if (secret.type === tokenType && account.name === name && account.uid === uid) await this.#delete(secret)
    }
  }

  /** The account, read from the server where the informer does not have it: it may be quite new. */
  async #account(namespace: string, name: string, uid: string): Promise<ServiceAccount | undefined> {
    const isSame = (account: ServiceAccount): boolean => uid === '' || account.metadata.uid === uid
    const known = this.#accounts.lister.get({ namespace, name })
    if (known && isSame(known)) return known
    try {
      const account = await this.#context.client.get(serviceaccounts, { namespace, name })
      return isSame(account) ? account : undefined
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  async #delete({ metadata }: Secret): Promise<void> {
    const { namespace = '', name = '', uid = '' } = metadata
    try {
      await this.#context.client.delete(secrets, { namespace, name }, { preconditions: { uid } })
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error
    }
  }

  async #fill(secret: Secret, { metadata }: ServiceAccount): Promise<void> {
    const { rootCA, sign } = this.#options
    const { namespace = '', name: secretName = '' } = secret.metadata
    const { name = '', uid = '' } = metadata
    const data = secret.data ?? {}
    const ca = base64(rootCA)
    const hasCA = rootCA === '' || data['ca.crt'] === ca
    if (hasCA && data['namespace'] && data['token']) return
    const token =
      data['token'] ||
      base64(
        await sign({
          iss: 'kubernetes/serviceaccount',
          sub: `system:serviceaccount:${namespace}:${name}`,
          'kubernetes.io/serviceaccount/namespace': namespace,
          'kubernetes.io/serviceaccount/secret.name': secretName,
          'kubernetes.io/serviceaccount/service-account.name': name,
          'kubernetes.io/serviceaccount/service-account.uid': uid,
        }),
      )
    const annotations = {
      ...secret.metadata.annotations,
      [accountNameAnnotation]: name,
      [accountUidAnnotation]: uid,
    }
    const filled: Secret = {
      ...secret,
      metadata: { ...secret.metadata, annotations },
      data: { ...data, ...(hasCA ? {} : { 'ca.crt': ca }), namespace: data['namespace'] || base64(namespace), token },
    }
    try {
      await this.#context.client.update(secrets, filled)
    } catch (error) {
      // Whoever was first: the change comes back as an event.
      if (!isNotFound(error) && !isConflict(error)) throw error
    }
  }

  /** An account that lists the Secret forgets it. */
  async #secretGone(namespace: string, secret: string, name: string, uid: string): Promise<void> {
    const { client, clock } = this.#context
    const known = this.#accounts.lister.get({ namespace, name })
    if (!known || (uid !== '' && known.metadata.uid !== uid)) return
    if (!known.secrets?.some((each) => each.name === secret)) return
    try {
      await retryOnConflict(
        async () => {
          const account = await client.get(serviceaccounts, { namespace, name })
          if (account.metadata.uid !== known.metadata.uid) return
          const kept = (account.secrets ?? []).filter((each) => each.name !== secret)
          if (kept.length !== account.secrets?.length)
            await client.update(serviceaccounts, { ...account, secrets: kept })
        },
        { clock },
      )
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}

function accountKey({ metadata }: ServiceAccount): string {
  return ['account', metadata.namespace, metadata.name, metadata.uid].join('/')
}

function secretKey(secret: Secret): string | undefined {
  const { name, uid } = accountOf(secret)
  if (name === '') return undefined
  const { metadata } = secret
  return ['secret', metadata.namespace, metadata.name, metadata.uid, name, uid].join('/')
}
