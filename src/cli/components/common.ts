import type { LogSettings } from '#cluster'
import type { FlagSet } from '../flags/flag.ts'
import type { ToleratedFlags } from '../flags/parse.ts'
import { choice, integer, list, absentIfEmpty, text, toggle, address, duration, port } from '../flags/kinds.ts'
import { featureGates } from './feature-gates.ts'
import { names } from './names.ts'

/** How much is logged. */
export interface VerbosityFlags {
  readonly v: number
}

export const verbosityFlags: FlagSet<VerbosityFlags> = {
  v: { ...integer(0, 'How much is logged: from 4 on also what is of use to developers only.'), short: 'v' },
}

export const logLevel = ({ v }: VerbosityFlags): 'debug' | 'info' => (v >= 4 ? 'debug' : 'info')

/** Flags of the log, which all components have. */
export interface LogFlags extends VerbosityFlags {
  readonly 'logging-format': 'text' | 'json'
}

export const logFlags: FlagSet<LogFlags> = {
  ...verbosityFlags,
  'logging-format': choice(['text', 'json'], 'text', 'Form of log lines.'),
}

/** What the flags of the log say. */
export const logSettings = (flags: LogFlags): LogSettings => ({
  logLevel: logLevel(flags),
  logFormat: flags['logging-format'],
})

/** Flags of the log that change nothing here. */
export const toleratedLogFlags: ToleratedFlags = {
  toggles: ['log-json-split-stream', 'log-text-split-stream'],
  values: names(`
    log-flush-frequency log-json-info-buffer-size log-text-info-buffer-size vmodule allow-metric-labels
    allow-metric-labels-manifest disabled-metrics show-hidden-metrics-for-version
  `),
}

/** Where a component serves health and metrics over TLS. */
export interface ServingFlags {
  readonly 'bind-address': string
  readonly 'secure-port': number
  readonly 'tls-cert-file': string | undefined
  readonly 'tls-private-key-file': string | undefined
}

export const servingFlags = (securePort: number): FlagSet<ServingFlags> => ({
  'bind-address': address('0.0.0.0', 'Address to listen at for HTTPS.'),
  'secure-port': port(
    securePort,
    'Port of HTTPS; 0 takes a free one where the component allows it, else turns HTTPS off.',
  ),
  'tls-cert-file': absentIfEmpty(
    'Certificate of HTTPS in PEM, followed by those that lead to its authority; made when absent.',
    'file',
  ),
  'tls-private-key-file': absentIfEmpty('Private key of --tls-cert-file.', 'file'),
})

export const toleratedServingFlags: ToleratedFlags = {
  toggles: names(`
    contention-profiling disable-http2-serving permit-address-sharing permit-port-sharing
  `),
  values: names(`
    tls-cipher-suites tls-curve-preferences tls-min-version
  `),
}

/** Of components that nobody looks into. */
export const toleratedProfiling: ToleratedFlags = { toggles: ['profiling'], values: [] }

/** How a component reaches the API server. */
export interface ClientFlags {
  readonly kubeconfig: string | undefined
  readonly master: string | undefined
}

export const clientFlags: FlagSet<ClientFlags> = {
  kubeconfig: absentIfEmpty('File that says where the API server is and how to show oneself to it.', 'file'),
  master: absentIfEmpty('Address of the API server; wins over the one in --kubeconfig.', 'url'),
}

export const toleratedClientFlags: ToleratedFlags = {
  toggles: ['unsupported-kube-api-over-localhost'],
  values: ['kube-api-qps', 'kube-api-burst', 'kube-api-content-type', 'min-compatibility-version', 'emulated-version'],
}

/** One of several instances leads. */
export interface LeaderElectionFlags {
  readonly 'leader-elect': boolean
  readonly 'leader-elect-lease-duration': number
  readonly 'leader-elect-renew-deadline': number
  readonly 'leader-elect-retry-period': number
  readonly 'leader-elect-resource-name': string
  readonly 'leader-elect-resource-namespace': string
}

export const leaderElectionFlags = (name: string): FlagSet<LeaderElectionFlags> => ({
  'leader-elect': toggle(true, 'Whether to wait for the lead before working, so that several instances can stand by.'),
  'leader-elect-lease-duration': duration(
    15_000,
    'How long others wait after the last renewal before they take the lead.',
  ),
  'leader-elect-renew-deadline': duration(10_000, 'How long the leader tries to renew before it gives up the lead.'),
  'leader-elect-retry-period': duration(2_000, 'Time between two attempts.'),
  'leader-elect-resource-name': text(name, 'Name of the Lease.'),
  'leader-elect-resource-namespace': text('kube-system', 'Namespace of the Lease.'),
})

export interface FeatureFlags {
  readonly 'feature-gates': { readonly [name: string]: boolean }
}

export const featureFlags: FlagSet<FeatureFlags> = {
  'feature-gates': featureGates,
}

/** Where a component that is no API server tells of itself. */
export interface ComponentServingFlags extends ServingFlags {
  readonly 'client-ca-file': string | undefined
  readonly 'authorization-always-allow-paths': readonly string[]
}

export const componentServingFlags = (securePort: number): FlagSet<ComponentServingFlags> => ({
  ...servingFlags(securePort),
  'secure-port': port(securePort, 'Port of HTTPS for health, metrics and configuration; 0 turns it off.'),
  'client-ca-file': absentIfEmpty('Authorities whose client certificates name users there.', 'file'),
  'authorization-always-allow-paths': list(
    ['/healthz', '/readyz', '/livez'],
    'Paths that anybody may see there; for others, the API server is asked.',
  ),
})

/** Flags about who is asked about users, which is always the API server of `--kubeconfig`. */
export const unservedFlags: ToleratedFlags = {
  toggles: [],
  values: names(`
    authentication-kubeconfig authorization-kubeconfig cert-dir http2-max-streams-per-connection
  `),
}

export const toleratedDelegatedFlags: ToleratedFlags = {
  toggles: ['authentication-skip-lookup', 'authentication-tolerate-lookup-failure'],
  values: names(`
    authentication-token-webhook-cache-ttl authorization-webhook-cache-authorized-ttl
    authorization-webhook-cache-unauthorized-ttl requestheader-allowed-names requestheader-client-ca-file
    requestheader-extra-headers-prefix requestheader-group-headers requestheader-uid-headers
    requestheader-username-headers
  `),
}

/** Several sets in one. */
export const tolerate = (...sets: readonly ToleratedFlags[]): ToleratedFlags => ({
  toggles: sets.flatMap(({ toggles }) => toggles),
  values: sets.flatMap(({ values }) => values),
  fixed: Object.assign({}, ...sets.map(({ fixed }) => fixed)) as { readonly [name: string]: string },
})
