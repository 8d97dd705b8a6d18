import { defined } from '#base'
import { usageError } from '#cluster'
import type { ApiServerSettings } from '#cluster'
import type { Command } from '../command.ts'
import { apiServerFlags, toleratedApiServerFlags } from '../components/apiserver-flags.ts'
import type { ApiServerFlags } from '../components/apiserver-flags.ts'
import { auditOf, authenticationOf, authorizationOf } from '../components/apiserver-security.ts'
import { logSettings } from '../components/common.ts'
import { etcdOf } from '../components/etcd-flags.ts'
import { componentCommand, flagsGiven } from '../components/remote.ts'

export const apiServerCommand: Command = componentCommand({
  name: 'apiserver',
  about: 'Runs an API server by itself.',
  flags: apiServerFlags,
  tolerated: toleratedApiServerFlags,
  async run(flags, signal, given) {
    const { runApiServer } = await import('../load/apiserver.ts')
    await runApiServer({ ...settingsOf(flags, given), flags: flagsGiven(apiServerFlags, flags, given) }, signal)
  },
})

function settingsOf(flags: ApiServerFlags, given: ReadonlySet<string>): ApiServerSettings {
  const advertiseAddress = flags['advertise-address']
  const externalHostname = flags['external-hostname']
  const clientCaFile = flags['client-ca-file']
  const tokenFile = flags['token-auth-file']
  const serving = pairOf(flags, 'tls-cert-file', 'tls-private-key-file')
  const kubeletClient = pairOf(flags, 'kubelet-client-certificate', 'kubelet-client-key')
  const kubeletCaFile = flags['kubelet-certificate-authority']
  const proxyClient = pairOf(flags, 'proxy-client-cert-file', 'proxy-client-key-file')
  const maxStreams = flags['http2-max-streams-per-connection']
  const requestHeader = requestHeaderOf(flags)
  const audit = auditOf(flags)
  const etcd = etcdOf(flags)
  const encryption = encryptionOf(flags)
  const tracingConfigFile = flags['tracing-config-file']
  const serviceBlocks = flags['service-cluster-ip-range']
  const nodePorts = flags['service-node-port-range']
  return {
    dataDir: flags['data-dir'] ?? defaultDataDir(),
    store: flags.store,
    ...(etcd ? { etcd } : {}),
    bindAddress: flags['bind-address'],
    port: flags['secure-port'],
    authentication: authenticationOf(flags, given),
    serviceBlocks: serviceBlocks.length > 0 ? serviceBlocks : ['10.0.0.0/24'],
    nodePorts: { first: nodePorts.from, last: nodePorts.to },
    authorization: authorizationOf(flags, given),
    admission: { enable: flags['enable-admission-plugins'], disable: flags['disable-admission-plugins'] },
    serviceAccounts: serviceAccountsOf(flags),
    runtimeConfig: flags['runtime-config'],
    inFlight: {
      reading: flags['max-requests-inflight'],
      writing: flags['max-mutating-requests-inflight'],
      fair: flags['enable-priority-and-fairness'],
    },
    bootstrapTokens: flags['enable-bootstrap-token-auth'],
    settings: {
      requestMs: flags['request-timeout'],
      watchSeconds: flags['min-request-timeout'],
      eventMs: flags['event-ttl'],
      tolerationSeconds: {
        notReady: flags['default-not-ready-toleration-seconds'],
        unreachable: flags['default-unreachable-toleration-seconds'],
      },
      kubeletAddressTypes: flags['kubelet-preferred-address-types'],
    },
    ...(maxStreams === 0 ? {} : { maxStreams }),
    profiling: flags.profiling,
    ...logSettings(flags),
    shutdownDelayMs: flags['shutdown-delay-duration'],
    ...defined({ advertiseAddress, externalHostname, clientCaFile, tokenFile, servingCertificate: serving }),
    ...defined({ proxyClient, kubeletClient, kubeletCaFile, requestHeader, audit, encryption, tracingConfigFile }),
  }
}

function defaultDataDir(): string {
  const isRoot = process.getuid?.() === 0
  return isRoot ? '/var/lib/k8ts-apiserver' : `${process.env['HOME'] ?? '.'}/.local/state/k8ts-apiserver`
}

type FileFlag =
  | 'proxy-client-cert-file'
  | 'proxy-client-key-file'
  | 'tls-cert-file'
  | 'tls-private-key-file'
  | 'kubelet-client-certificate'
  | 'kubelet-client-key'

function pairOf(
  flags: ApiServerFlags,
  certificate: FileFlag,
  key: FileFlag,
): { readonly certificateFile: string; readonly keyFile: string } | undefined {
  const [certificateFile, keyFile] = [flags[certificate], flags[key]]
  if (certificateFile === undefined && keyFile === undefined) return undefined
  if (certificateFile === undefined || keyFile === undefined) {
    throw usageError(`--${certificate} and --${key} go together: give both`)
  }
  return { certificateFile, keyFile }
}

const shortestMaxMs = 3_600_000
const longestMaxMs = 2 ** 32 * 1000

function serviceAccountsOf(flags: ApiServerFlags): ApiServerSettings['serviceAccounts'] {
  const signingKeyFile = flags['service-account-signing-key-file']
  const jwksUrl = flags['service-account-jwks-uri']
  const maxMs = flags['service-account-max-token-expiration']
  const issuers = flags['service-account-issuer']
  for (const [index, issuer] of issuers.entries()) {
    if (issuer === '') throw usageError('service-account-issuer should not be an empty string')
    if (issuers.indexOf(issuer) < index) {
      throw usageError(`service-account-issuer ${JSON.stringify(issuer)} is already specified`)
    }
  }
  if (jwksUrl !== undefined && !jwksUrl.startsWith('https://')) {
    throw usageError(`service-account-jwks-uri requires https scheme, parsed as: ${jwksUrl}`)
  }
  if (maxMs !== 0 && (maxMs < shortestMaxMs || maxMs > longestMaxMs)) {
    throw usageError('the service-account-max-token-expiration must be between 1 hour and 2^32 seconds')
  }
  return {
    issuers,
    audiences: flags['api-audiences'],
    keyFiles: flags['service-account-key-file'],
    extends: flags['service-account-extend-token-expiration'],
    ...(signingKeyFile === undefined ? {} : { signingKeyFile }),
    ...(jwksUrl === undefined ? {} : { jwksUrl }),
    ...(maxMs === 0 ? {} : { maxSeconds: Math.floor(maxMs / 1000) }),
  }
}

function requestHeaderOf(flags: ApiServerFlags): ApiServerSettings['requestHeader'] {
  const caFile = flags['requestheader-client-ca-file']
  if (caFile === undefined) return undefined
  const lower = (names: readonly string[]): string[] => names.map((name) => name.toLowerCase())
  return {
    caFile,
    allowedNames: flags['requestheader-allowed-names'],
    usernameHeaders: lower(flags['requestheader-username-headers']),
    uidHeaders: lower(flags['requestheader-uid-headers']),
    groupHeaders: lower(flags['requestheader-group-headers']),
    extraHeaderPrefixes: lower(flags['requestheader-extra-headers-prefix']),
  }
}

function encryptionOf(flags: ApiServerFlags): ApiServerSettings['encryption'] {
  const configFile = flags['encryption-provider-config']
  const reload = flags['encryption-provider-config-automatic-reload']
  if (configFile !== undefined && configFile !== '') return { configFile, reload }
  if (!reload) return undefined
  throw usageError('--encryption-provider-config-automatic-reload must be set with --encryption-provider-config')
}
