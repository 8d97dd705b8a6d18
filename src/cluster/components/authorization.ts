import { statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { parsePolicyFile, readAuthorizationConfiguration } from '#apiserver'
import type { ApiServerOptions, AuthorizationMode, PlannedAuthorizer, RunningApiServer } from '#apiserver'
import type { Logger } from '#base'
import { watchFile } from '#pki'
import { parse } from 'yaml'
import { readText } from '../host/read-text.ts'
import { usageError, UserError } from '../user-error.ts'
import type { Webhooks } from './webhooks.ts'

/** Who decides what users may do. */
export interface AuthorizationSettings {
  /** In the order in which they are asked, where there is no file. */
  readonly modes: readonly (AuthorizationMode | 'Webhook')[]
  /** File of an AuthorizationConfiguration. */
  readonly configFile?: string
  /** Policies of ABAC. */
  readonly policyFile?: string
  readonly webhook?: {
    readonly configFile: string
    readonly version: 'v1' | 'v1beta1'
    /** Milliseconds that answers are kept. */
    readonly allowedMs: number
    readonly refusedMs: number
  }
}

export interface ConfiguredAuthorization {
  readonly options: Pick<ApiServerOptions, 'authorization' | 'authorizationReach' | 'attributePolicies'>
  /** Goes by the file from now on, whenever it changes. */
  follow(server: RunningApiServer, logger: Logger, signal: AbortSignal): void
}

/** Milliseconds that a webhook of flags has for an answer. */
const webhookTimeoutMs = 30_000

/** Reads who decides. @throws UserError */
export async function configureAuthorization(
  settings: AuthorizationSettings,
  webhooks: Webhooks,
): Promise<ConfiguredAuthorization> {
  const { configFile, policyFile } = settings
  const text = configFile === undefined ? undefined : readText(configFile)
  const authorization = text === undefined ? fromFlags(settings) : asUser(() => plannedIn(text, []))
  await webhooks.prepare(kubeconfigsOf(authorization))
  const options: ConfiguredAuthorization['options'] = {
    authorization,
    authorizationReach: (kubeconfig) => webhooks.reach(kubeconfig),
    ...(policyFile === undefined ? {} : { attributePolicies: policiesIn(policyFile) }),
  }
  return {
    options,
    follow(server, logger, signal) {
      if (configFile === undefined || text === undefined) return
      const types = authorization.flatMap((one) => (typeof one === 'string' ? one : one.type))
      const needed = types.filter((type) => type !== 'Webhook')
      const reload = new Reload(configFile, text, needed, webhooks, server, logger)
      watchFile(configFile, () => reload.look(), signal)
    },
  }
}

type Planned = ApiServerOptions['authorization']

function fromFlags({ modes, webhook }: AuthorizationSettings): Planned {
  return modes.map((mode): Planned[number] => {
    if (mode !== 'Webhook') return mode
    if (!webhook) throw usageError("authorization-mode Webhook's authorization config file not passed")
    const { configFile: kubeconfig, version, allowedMs, refusedMs } = webhook
    const answers = { version, allowedMs, refusedMs, timeoutMs: webhookTimeoutMs, onError: 'no opinion' } as const
    return { type: 'Webhook', name: 'default', webhook: { ...answers, kubeconfig, conditions: [] } }
  })
}

function kubeconfigsOf(authorizers: Planned): readonly string[] {
  return authorizers.flatMap((one) => (typeof one === 'string' || !one.webhook ? [] : [one.webhook.kubeconfig]))
}

function plannedIn(text: string, needed: readonly string[]): readonly PlannedAuthorizer[] {
  return readAuthorizationConfiguration(parse(text, { version: '1.1' }), fileProblem, needed)
}

/** Why a file of a configuration can't be used. */
function fileProblem(file: string): string | undefined {
  if (!isAbsolute(file)) return 'must be an absolute path'
  try {
    return statSync(file).isFile() ? undefined : 'must be a regular file'
  } catch {
    return `error loading file: stat ${file}: no such file or directory`
  }
}

/** Goes by what a file says, as long as it can be used. */
class Reload {
  readonly #file: string
  readonly #needed: readonly string[]
  readonly #webhooks: Webhooks
  readonly #server: RunningApiServer
  readonly #logger: Logger
  #seen: string

  constructor(
    file: string,
    text: string,
    needed: readonly string[],
    webhooks: Webhooks,
    server: RunningApiServer,
    logger: Logger,
  ) {
    this.#file = file
    this.#seen = text
    this.#needed = needed
    this.#webhooks = webhooks
    this.#server = server
    this.#logger = logger
    server.configurations.authorization.loaded(text)
  }

  async look(): Promise<void> {
    const record = this.#server.configurations.authorization
    try {
      const text = readText(this.#file)
      if (text === this.#seen) return
      this.#seen = text
      const authorizers = plannedIn(text, this.#needed)
      await this.#webhooks.prepare(kubeconfigsOf(authorizers))
      this.#server.replaceAuthorizers(authorizers)
      record.reloaded(text)
      this.#logger.info('Authorization configuration is in force', { file: this.#file })
    } catch (error) {
      record.reloaded(undefined)
      this.#logger.error('Authorization configuration can not be used', { file: this.#file, error })
    }
  }
}

function policiesIn(file: string): NonNullable<ApiServerOptions['attributePolicies']> {
  return asUser(() => parsePolicyFile(file, readText(file)))
}

function asUser<T>(make: () => T): T {
  try {
    return make()
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw new UserError((cause as Error).message, { cause })
  }
}
