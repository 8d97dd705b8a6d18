import { sleep } from '#base'
import { configmaps, pods, secrets, serviceaccounts } from '#api/core/v1'
import type { Pod, Secret, ServiceAccount } from '#api/core/v1'
import type { Controller, ControllerContext, Informer } from '#client'
import { isConflict, isNotFound, timeOfMillis } from '#machinery'
import { secretNamesOf } from '../common/pods/secret-names.ts'
import { accountOf, tokenSecrets, tokenType } from '../tokens/legacy.ts'

const dayMs = 86_400_000
/** A token that nobody used for so long is marked, and one that was marked for so long is deleted. */
const unusedMs = 365 * dayMs
const lastUsedLabel = 'kubernetes.io/legacy-token-last-used'
const invalidSinceLabel = 'kubernetes.io/legacy-token-invalid-since'

/** Looks once a day. */
export class LegacyTokenCleaner implements Controller {
  readonly #context: ControllerContext
  readonly #accounts: Informer<ServiceAccount>
  readonly #secrets: Informer<Secret>
  readonly #pods: Informer<Pod>

  constructor(context: ControllerContext) {
    const { informers } = context
    this.#context = context
    this.#accounts = informers.informer(serviceaccounts)
    this.#secrets = informers.informer(secrets, tokenSecrets)
    this.#pods = informers.informer(pods)
  }

  async reconcile(): Promise<void> {}

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#context
    while (!signal.aborted) {
      await this.#evaluate().catch((error: unknown) => log.error('Legacy tokens were not evaluated', { error }))
      await sleep(clock, dayMs, signal).catch(() => {})
    }
  }

  async #evaluate(): Promise<void> {
    const { client, clock, log } = this.#context
    const now = clock.now()
    const tracking = await client.get(configmaps, {
      namespace: 'kube-system',
      name: 'kube-apiserver-legacy-service-account-token-tracking',
    })
    const since = tracking.data?.['since']
    if (since === undefined || !isDate(since)) return
    if (now < Date.parse(since) + dayMs + unusedMs) return
    const mounted = new Map<string, ReadonlySet<string>>()
    for (const secret of this.#secrets.lister.list()) {
      if (!this.#isUnused(secret, now) || this.#mountedNames(secret, mounted).has(secret.metadata.name ?? '')) continue
      await this.#retire(secret, now).catch((error: unknown) =>
        log.error('Legacy token was not retired', { secret: secret.metadata.name, error }),
      )
    }
  }

  #isUnused(secret: Secret, now: number): boolean {
    const { metadata, type } = secret
    if (type !== tokenType || metadata.deletionTimestamp !== undefined) return false
    if (Date.parse(metadata.creationTimestamp ?? '') >= now - unusedMs) return false
    const lastUsed = metadata.labels?.[lastUsedLabel]
    if (lastUsed !== undefined && (!isDate(lastUsed) || lastUsed >= dateOf(now - unusedMs))) return false
    // Only tokens that were generated for an account are listed there.
    const { name, uid } = accountOf(secret)
    if (name === '') return false
    const account = this.#accounts.lister.get({ namespace: metadata.namespace ?? '', name })
    if (!account || (uid !== '' && uid !== account.metadata.uid)) return false
    return (account.secrets ?? []).some((each) => each.name === metadata.name)
  }

  #mountedNames({ metadata }: Secret, known: Map<string, ReadonlySet<string>>): ReadonlySet<string> {
    const { namespace = '' } = metadata
    let names = known.get(namespace)
    if (!names) {
      const found = new Set<string>()
      for (const pod of this.#pods.lister.list(namespace)) for (const name of secretNamesOf(pod)) found.add(name)
      known.set(namespace, (names = found))
    }
    return names
  }

  async #retire({ metadata }: Secret, now: number): Promise<void> {
    const { client } = this.#context
    const { namespace = '', name = '', uid = '', resourceVersion = '' } = metadata
    const invalidSince = metadata.labels?.[invalidSinceLabel] ?? ''
    if (!isDate(invalidSince)) {
      const patch = { metadata: { uid, labels: { [invalidSinceLabel]: dateOf(now) } } }
      await client.patch(secrets, { namespace, name }, { type: 'merge', patch })
      return
    }
    if (invalidSince >= dateOf(now - unusedMs)) return
    try {
      await client.delete(secrets, { namespace, name }, { preconditions: { resourceVersion } })
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error
    }
  }
}

const dateOf = (ms: number): string => timeOfMillis(ms).slice(0, 10)

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
