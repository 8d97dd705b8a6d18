import { usageError } from '#cluster'
import type { ApiServerSettings } from '#cluster'
import type { SecurityFlags } from './apiserver-security-flags.ts'

type Authentication = ApiServerSettings['authentication']
type Authorization = ApiServerSettings['authorization']
type Audit = NonNullable<ApiServerSettings['audit']>

/** @param given names of the flags that were given. @throws UserError */
export function authenticationOf(flags: SecurityFlags, given: ReadonlySet<string>): Authentication {
  const configFile = flags['authentication-config']
  const webhookFile = flags['authentication-token-webhook-config-file']
  const oidc = oidcOf(flags, given, configFile !== undefined)
  // Nobody is to do everything without a name.
  const allowed = flags['anonymous-auth'] && !flags['authorization-mode'].includes('AlwaysAllow')
  return {
    ...(configFile === undefined ? {} : { configFile }),
    ...(oidc ? { oidc } : {}),
    anonymous: { allowed, byFlag: given.has('anonymous-auth') },
    ...(webhookFile === undefined
      ? {}
      : {
          webhook: {
            configFile: webhookFile,
            version: flags['authentication-token-webhook-version'],
            cacheMs: flags['authentication-token-webhook-cache-ttl'],
          },
        }),
  }
}

function oidcOf(flags: SecurityFlags, given: ReadonlySet<string>, hasFile: boolean): Authentication['oidc'] {
  if (![...given].some((name) => name.startsWith('oidc-'))) return undefined
  if (hasFile) throw usageError('authentication-config file and oidc-* flags are mutually exclusive')
  const [issuerUrl, clientId] = [flags['oidc-issuer-url'], flags['oidc-client-id']]
  if (issuerUrl === '' || clientId === '') {
    throw usageError('oidc-issuer-url and oidc-client-id must be specified together when any oidc-* flags are set')
  }
  const caFile = flags['oidc-ca-file']
  return {
    issuerUrl,
    clientId,
    ...(caFile === undefined ? {} : { caFile }),
    usernameClaim: flags['oidc-username-claim'],
    usernamePrefix: flags['oidc-username-prefix'],
    groupsClaim: flags['oidc-groups-claim'],
    groupsPrefix: flags['oidc-groups-prefix'],
    signingAlgorithms: flags['oidc-signing-algs'],
    requiredClaims: flags['oidc-required-claim'],
  }
}

const modes = ['AlwaysAllow', 'AlwaysDeny', 'ABAC', 'Webhook', 'RBAC', 'Node'] as const

/** @throws UserError */
export function authorizationOf(flags: SecurityFlags, given: ReadonlySet<string>): Authorization {
  const configFile = flags['authorization-config']
  if (configFile !== undefined) {
    if ([...given].some((name) => name === 'authorization-mode' || name.startsWith('authorization-webhook-'))) {
      throw usageError(
        '--authorization-config can not be specified when --authorization-mode or --authorization-webhook-* flags are defined',
      )
    }
    return { modes: [], configFile, ...policyFileOf(flags) }
  }
  const words = flags['authorization-mode']
  if (words.length === 0) throw usageError('at least one authorization-mode must be passed')
  const wanted = words.map((word) => {
    const mode = modes.find((each) => each === word)
    if (mode === undefined) {
      throw usageError(`flag --authorization-mode: it is "${word}", must be one of ${modes.join(', ')}`)
    }
    return mode
  })
  if (new Set(wanted).size !== wanted.length) {
    throw usageError(
      `authorization-mode [${wanted.map((mode) => `"${mode}"`).join(' ')}] has mode specified more than once`,
    )
  }
  const webhookFile = flags['authorization-webhook-config-file']
  requireTogether(wanted, flags)
  return {
    modes: wanted,
    ...policyFileOf(flags),
    ...(webhookFile === undefined
      ? {}
      : {
          webhook: {
            configFile: webhookFile,
            version: flags['authorization-webhook-version'],
            allowedMs: flags['authorization-webhook-cache-authorized-ttl'],
            refusedMs: flags['authorization-webhook-cache-unauthorized-ttl'],
          },
        }),
  }
}

function policyFileOf(flags: SecurityFlags): { readonly policyFile?: string } {
  const policyFile = flags['authorization-policy-file']
  return policyFile === undefined ? {} : { policyFile }
}

function requireTogether(wanted: readonly string[], flags: SecurityFlags): void {
  const policyFile = flags['authorization-policy-file']
  const webhookFile = flags['authorization-webhook-config-file']
  if (wanted.includes('ABAC') && policyFile === undefined)
    throw usageError("authorization-mode ABAC's authorization policy file not passed")
  if (wanted.includes('Webhook') && webhookFile === undefined)
    throw usageError("authorization-mode Webhook's authorization config file not passed")
  if (!wanted.includes('ABAC') && policyFile !== undefined)
    throw usageError('cannot specify --authorization-policy-file without mode ABAC')
  if (!wanted.includes('Webhook') && webhookFile !== undefined)
    throw usageError('cannot specify --authorization-webhook-config-file without mode Webhook')
}

const megabyte = 1024 * 1024

/** Absent where there is no policy, or nobody to take events. @throws UserError */
export function auditOf(flags: SecurityFlags): Audit | undefined {
  const [policyFile, path] = [flags['audit-policy-file'], flags['audit-log-path']]
  const configFile = flags['audit-webhook-config-file']
  if (policyFile === undefined || (path === undefined && configFile === undefined)) return undefined
  return {
    policyFile,
    ...(path === undefined
      ? {}
      : {
          log: {
            path,
            format: flags['audit-log-format'],
            maxBytes: flags['audit-log-maxsize'] * megabyte,
            maxBackups: flags['audit-log-maxbackup'],
            maxAgeDays: flags['audit-log-maxage'],
            compress: flags['audit-log-compress'],
            ...deliveryOf(flags, 'log'),
          },
        }),
    ...(configFile === undefined
      ? {}
      : {
          webhook: {
            configFile,
            retryDelayMs: flags['audit-webhook-initial-backoff'],
            ...deliveryOf(flags, 'webhook'),
          },
        }),
  }
}

type Delivery = Pick<NonNullable<Audit['log']>, 'mode' | 'batch' | 'truncate'>

function deliveryOf(flags: SecurityFlags, to: 'log' | 'webhook'): Delivery {
  const mode = flags[`audit-${to}-mode`]
  const throttled = flags[`audit-${to}-batch-throttle-enable`]
  const perSecond = flags[`audit-${to}-batch-throttle-qps`]
  const burst = flags[`audit-${to}-batch-throttle-burst`]
  const maxEventSize = flags[`audit-${to}-truncate-max-event-size`]
  const maxBatchSize = flags[`audit-${to}-truncate-max-batch-size`]
  if (mode === 'batch' && throttled) {
    for (const [what, value] of [
      ['QPS', perSecond],
      ['burst', burst],
    ] as const) {
      if (value <= 0) throw usageError(`invalid audit batch ${to} throttle ${what} ${value}, must be a positive number`)
    }
  }
  if (maxBatchSize < maxEventSize) {
    throw usageError(
      `invalid audit truncate ${to} max batch size ${maxBatchSize}, must be greater than max event size (${maxEventSize})`,
    )
  }
  return {
    mode,
    batch: {
      bufferSize: flags[`audit-${to}-batch-buffer-size`],
      maxSize: flags[`audit-${to}-batch-max-size`],
      maxWaitMs: flags[`audit-${to}-batch-max-wait`],
      ...(throttled ? { throttle: { perSecond, burst } } : {}),
    },
    ...(flags[`audit-${to}-truncate-enabled`] ? { truncate: { maxEventSize, maxBatchSize } } : {}),
  }
}
