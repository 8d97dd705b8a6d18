import { planOf, readAuthenticationConfiguration } from '#apiserver'
import type { ApiServerOptions, AuthenticationConfiguration, AuthenticationPlan, RunningApiServer } from '#apiserver'
import type { Logger } from '#base'
import { deepEqual } from '#base'
import { signatureAlgorithms, verifySignature, watchFile } from '#pki'
import { parse } from 'yaml'
import { readText } from '../host/read-text.ts'
import { usageError, UserError } from '../user-error.ts'

/** Who is let in, besides certificates and tokens that the server has made itself. */
export interface AuthenticationSettings {
  /** File of an AuthenticationConfiguration. */
  readonly configFile?: string
  /** An issuer as the flags `--oidc-…` describe it. */
  readonly oidc?: OidcSettings
  /** Whether requests without credentials are let in, and whether it is a flag that says so; they are when absent. */
  readonly anonymous?: { readonly allowed: boolean; readonly byFlag: boolean }
  /** Asks a webhook about tokens that nobody knows here. */
  readonly webhook?: { readonly configFile: string; readonly version: 'v1' | 'v1beta1'; readonly cacheMs: number }
}

export interface OidcSettings {
  readonly issuerUrl: string
  readonly clientId: string
  readonly caFile?: string
  readonly usernameClaim: string
  readonly usernamePrefix: string
  readonly groupsClaim: string
  readonly groupsPrefix: string
  readonly signingAlgorithms: readonly string[]
  readonly requiredClaims: { readonly [claim: string]: string }
}

type IssuerOptions = Pick<ApiServerOptions, 'issuers' | 'anonymous'>

/** The configuration that is in force. */
export interface ConfiguredAuthentication {
  readonly options: IssuerOptions
  /** Goes by the file from now on, whenever it changes. */
  follow(server: RunningApiServer, logger: Logger, signal: AbortSignal): void
}

/**
 * Reads who is let in.
 * @param ownIssuers of the server's own tokens
 * @throws UserError
 */
export function configureAuthentication(
  settings: AuthenticationSettings,
  ownIssuers: readonly string[],
): ConfiguredAuthentication {
  const { configFile, oidc } = settings
  if (configFile !== undefined) return fromFile(configFile, settings, ownIssuers)
  const options: IssuerOptions = settings.anonymous?.allowed === false ? { anonymous: false } : {}
  if (!oidc) return { options, follow: () => undefined }
  const { signingAlgorithms } = oidc
  for (const algorithm of signingAlgorithms) {
    if (!signatureAlgorithms.includes(algorithm)) {
      throw usageError(`flag --oidc-signing-algs: oidc: unsupported signing alg: ${JSON.stringify(algorithm)}`)
    }
  }
  const { issuers } = asUser('flags --oidc-…', () => planOf(configurationOf(oidc), ownIssuers))
  const algorithms = signingAlgorithms.length === 0 ? ['RS256'] : signingAlgorithms
  return {
    options: { ...options, issuers: { initial: issuers, algorithms, verifySignature } },
    follow: () => undefined,
  }
}

function fromFile(
  file: string,
  { anonymous, oidc }: AuthenticationSettings,
  ownIssuers: readonly string[],
): ConfiguredAuthentication {
  if (oidc) throw usageError('authentication-config file and oidc-* flags are mutually exclusive')
  const text = readText(file)
  const first = asUser(`failed to load authentication configuration from file ${JSON.stringify(file)}`, () =>
    planFrom(text, ownIssuers),
  )
  if (first.anonymous && anonymous?.byFlag) {
    throw usageError(
      'anonymous: Forbidden: --anonymous-auth flag cannot be set when anonymous field is configured in authentication configuration file',
    )
  }
  const enabled = first.anonymous?.enabled ?? anonymous?.allowed ?? true
  return {
    options: {
      issuers: { initial: first.issuers, algorithms: signatureAlgorithms, verifySignature },
      anonymous: enabled ? { paths: first.anonymous?.paths ?? [] } : false,
    },
    follow(server, logger, signal) {
      const reload = new Reload(file, text, first, ownIssuers, server, logger)
      watchFile(file, () => reload.look(signal), signal)
    },
  }
}

/** Milliseconds that keys of new issuers may take to come. */
const patienceMs = 60_000

/** Goes by what a file says, as long as it can be used. */
class Reload {
  readonly #file: string
  readonly #first: AuthenticationPlan
  readonly #ownIssuers: readonly string[]
  readonly #server: RunningApiServer
  readonly #logger: Logger
  /** Not looked at again: in force, or of no use. */
  #seen: string

  constructor(
    file: string,
    text: string,
    first: AuthenticationPlan,
    ownIssuers: readonly string[],
    server: RunningApiServer,
    logger: Logger,
  ) {
    this.#file = file
    this.#seen = text
    this.#first = first
    this.#ownIssuers = ownIssuers
    this.#server = server
    this.#logger = logger
    server.configurations.authentication.loaded(text)
  }

  async look(signal: AbortSignal): Promise<void> {
    const record = this.#server.configurations.authentication
    try {
      const text = readText(this.#file)
      if (text === this.#seen) return
      const { issuers } = this.#plan(text)
      await this.#server.replaceIssuers(issuers, AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]))
      this.#seen = text
      record.reloaded(text)
      this.#logger.info('Authentication configuration is in force', { file: this.#file })
    } catch (error) {
      if (signal.aborted) return
      record.reloaded(undefined)
      this.#logger.error('Authentication configuration can not be used', { file: this.#file, error })
    }
  }

  #plan(text: string): AuthenticationPlan {
    try {
      const plan = planFrom(text, this.#ownIssuers)
      if (deepEqual(plan.anonymous, this.#first.anonymous)) return plan
      throw new Error('anonymous: Forbidden: changed from initial configuration file')
    } catch (error) {
      this.#seen = text
      throw error
    }
  }
}

function planFrom(text: string, ownIssuers: readonly string[]): AuthenticationPlan {
  if (text === '') throw new Error('empty config data')
  return readAuthenticationConfiguration(parse(text, { version: '1.1' }), ownIssuers)
}

function configurationOf(oidc: OidcSettings): AuthenticationConfiguration {
  const { issuerUrl, clientId, caFile, usernameClaim, usernamePrefix, groupsClaim, groupsPrefix } = oidc
  // Names of several issuers would be mistaken for each other, unless they are addresses of mail.
  const ownPrefix = usernamePrefix === '' && usernameClaim !== 'email' ? `${issuerUrl}#` : usernamePrefix
  return {
    jwt: [
      {
        issuer: {
          url: issuerUrl,
          audiences: [clientId],
          ...(caFile === undefined ? {} : { certificateAuthority: readText(caFile) }),
        },
        claimMappings: {
          username: { claim: usernameClaim, prefix: ownPrefix === '-' ? '' : ownPrefix },
          ...(groupsClaim === '' ? {} : { groups: { claim: groupsClaim, prefix: groupsPrefix } }),
        },
        claimValidationRules: Object.entries(oidc.requiredClaims).map(([claim, requiredValue]) => ({
          claim,
          requiredValue,
        })),
      },
    ],
  }
}

function asUser<T>(what: string, make: () => T): T {
  try {
    return make()
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw new UserError(`${what}: ${(cause as Error).message}`, { cause })
  }
}
