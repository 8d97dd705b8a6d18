import type { FlagSet } from '../flags/flag.ts'
import {
  blocks,
  choice,
  duration,
  integer,
  list,
  absentIfEmpty,
  portRange,
  repeated,
  settings,
  toggle,
} from '../flags/kinds.ts'
import type { PortRange } from '../flags/kinds.ts'
import type { ToleratedFlags } from '../flags/parse.ts'
import { securityFlags } from './apiserver-security-flags.ts'
import type { SecurityFlags } from './apiserver-security-flags.ts'
import { featureFlags, logFlags, servingFlags, tolerate, toleratedLogFlags, toleratedServingFlags } from './common.ts'
import { etcdFlags } from './etcd-flags.ts'
import type { EtcdFlags } from './etcd-flags.ts'
import { names } from './names.ts'
import type { FeatureFlags, LogFlags, ServingFlags } from './common.ts'

export interface ApiServerFlags extends ServingFlags, FeatureFlags, LogFlags, SecurityFlags, EtcdFlags {
  readonly 'data-dir': string | undefined
  readonly store: 'lmdb' | 'memory'
  readonly 'advertise-address': string | undefined
  readonly 'external-hostname': string | undefined
  readonly 'client-ca-file': string | undefined
  readonly 'kubelet-certificate-authority': string | undefined
  readonly 'kubelet-client-certificate': string | undefined
  readonly 'kubelet-client-key': string | undefined
  readonly 'token-auth-file': string | undefined
  readonly 'api-audiences': readonly string[]
  readonly 'service-account-issuer': readonly string[]
  readonly 'service-account-key-file': readonly string[]
  readonly 'service-account-signing-key-file': string | undefined
  readonly 'service-account-jwks-uri': string | undefined
  readonly 'service-account-max-token-expiration': number
  readonly 'service-account-extend-token-expiration': boolean
  readonly 'requestheader-client-ca-file': string | undefined
  readonly 'requestheader-allowed-names': readonly string[]
  readonly 'requestheader-username-headers': readonly string[]
  readonly 'requestheader-uid-headers': readonly string[]
  readonly 'requestheader-group-headers': readonly string[]
  readonly 'requestheader-extra-headers-prefix': readonly string[]
  readonly 'enable-admission-plugins': readonly string[]
  readonly 'disable-admission-plugins': readonly string[]
  readonly 'service-cluster-ip-range': readonly string[]
  readonly 'service-node-port-range': PortRange
  readonly 'shutdown-delay-duration': number
  readonly 'encryption-provider-config': string | undefined
  readonly 'encryption-provider-config-automatic-reload': boolean
  readonly 'tracing-config-file': string | undefined
  readonly 'runtime-config': { readonly [key: string]: string }
  readonly 'event-ttl': number
  readonly 'request-timeout': number
  readonly 'min-request-timeout': number
  readonly 'max-requests-inflight': number
  readonly 'max-mutating-requests-inflight': number
  readonly 'enable-priority-and-fairness': boolean
  readonly 'enable-bootstrap-token-auth': boolean
  readonly 'default-not-ready-toleration-seconds': number
  readonly 'default-unreachable-toleration-seconds': number
  readonly 'kubelet-preferred-address-types': readonly string[]
  readonly 'http2-max-streams-per-connection': number
  readonly profiling: boolean
  readonly 'proxy-client-cert-file': string | undefined
  readonly 'proxy-client-key-file': string | undefined
}

export const apiServerFlags: FlagSet<ApiServerFlags> = {
  'data-dir': absentIfEmpty('Folder of the store and of certificates that are made here.', 'folder'),
  store: choice(
    ['lmdb', 'memory'],
    'lmdb',
    'Where objects are kept: in --data-dir, or nowhere beyond the end of the process.',
  ),
  ...etcdFlags,
  'advertise-address': absentIfEmpty(
    'Address at which pods reach the API server; that of the default route when absent.',
    'ip',
  ),
  'external-hostname': absentIfEmpty('Name of this server in addresses that it gives to others.', 'host'),
  ...servingFlags(6443),
  'client-ca-file': absentIfEmpty('Authorities whose client certificates are trusted; made when absent.', 'file'),
  'kubelet-certificate-authority': absentIfEmpty(
    'Authorities of the certificates of kubelets; our own when absent, or none with --kubelet-client-certificate.',
    'file',
  ),
  'kubelet-client-certificate': absentIfEmpty('Certificate shown to kubelets; made when absent.', 'file'),
  'kubelet-client-key': absentIfEmpty('Key of --kubelet-client-certificate.', 'file'),
  'token-auth-file': absentIfEmpty('Tokens of users, a line each: token,user,uid,"group1,group2".', 'file'),
  'api-audiences': list([], 'Audiences that tokens must be for; the issuer when absent.'),
  'service-account-issuer': repeated('Issuer of service account tokens; further ones are taken too.', 'url'),
  'service-account-key-file': repeated('Keys that service account tokens are verified with.', 'file'),
  'service-account-signing-key-file': absentIfEmpty('Key that signs service account tokens; made when absent.', 'file'),
  'service-account-jwks-uri': absentIfEmpty('Where others find the keys of the issuer.', 'url'),
  'service-account-max-token-expiration': duration(0, 'Longest life of a token; 0 sets no limit.'),
  'service-account-extend-token-expiration': toggle(
    true,
    'Whether projected tokens live on for a year while clients learn to read them again.',
  ),
  'requestheader-client-ca-file': absentIfEmpty('Authorities of those who may say for whom they ask.', 'file'),
  'requestheader-allowed-names': list([], 'Common names of those; every name when empty.'),
  'requestheader-username-headers': list([], 'Headers with the user, such as X-Remote-User.'),
  'requestheader-uid-headers': list([], 'Headers with the uid, such as X-Remote-Uid.'),
  'requestheader-group-headers': list([], 'Headers with groups, such as X-Remote-Group.'),
  'requestheader-extra-headers-prefix': list([], 'Prefixes of headers with more, such as X-Remote-Extra-.'),
  'enable-admission-plugins': list([], 'Admission plugins beside those that are on anyway.'),
  'disable-admission-plugins': list([], 'Admission plugins that stay off.'),
  'service-cluster-ip-range': blocks(['10.0.0.0/24'], 'Addresses of Services, at most one block per family.'),
  'service-node-port-range': portRange({ from: 30_000, to: 32_767 }, 'Ports of NodePort Services.'),
  'shutdown-delay-duration': duration(0, 'How long requests are still taken after the end was asked for.'),
  'encryption-provider-config': absentIfEmpty('EncryptionConfiguration: how what is stored is encrypted.', 'file'),
  'encryption-provider-config-automatic-reload': toggle(false, 'Whether that file is read again when it changes.'),
  'tracing-config-file': absentIfEmpty('TracingConfiguration: whom the server tells how long what takes.', 'file'),
  'runtime-config': settings('Resources and versions that are served or not: api/beta=true,apps/v1=false.'),
  'event-ttl': duration(3_600_000, 'How long events are kept.'),
  'request-timeout': duration(60_000, 'How long a request may take that is none of the long-running.'),
  'min-request-timeout': integer(1800, 'Seconds after which watches end that name no limit, up to twice of it.', {
    least: 0,
  }),
  'max-requests-inflight': integer(400, 'Requests at a time that read.', { least: 0 }),
  'max-mutating-requests-inflight': integer(200, 'Requests at a time that write.', { least: 0 }),
  'enable-priority-and-fairness': toggle(
    true,
    'Whether requests beyond that wait in the order of their priority levels, and are not refused.',
  ),
  'enable-bootstrap-token-auth': toggle(false, 'Whether bootstrap tokens let in machines that want to join.'),
  'default-not-ready-toleration-seconds': integer(300, 'How long pods stay on a node that is not ready.', { least: 0 }),
  'default-unreachable-toleration-seconds': integer(300, 'How long pods stay on a node that is silent.', { least: 0 }),
  'kubelet-preferred-address-types': list(
    ['InternalIP', 'ExternalIP', 'Hostname', 'InternalDNS', 'ExternalDNS'],
    'Types of addresses by which kubelets are reached, in the order in which they are tried.',
  ),
  'http2-max-streams-per-connection': integer(0, 'Requests at a time on one connection; 0 takes 1000.', { least: 0 }),
  profiling: toggle(true, 'Whether the process may be looked into at /debug/pprof and /debug/flags.'),
  'proxy-client-cert-file': absentIfEmpty('Certificate shown to servers of further APIs; made when absent.', 'file'),
  'proxy-client-key-file': absentIfEmpty('Key of --proxy-client-cert-file.', 'file'),
  ...securityFlags,
  ...featureFlags,
  ...logFlags,
}

export const toleratedApiServerFlags: ToleratedFlags = tolerate(toleratedLogFlags, toleratedServingFlags, {
  toggles: names(`
    allow-privileged enable-aggregator-routing enable-logs-handler
    aggregator-reject-forwarding-redirect emulation-forward-compatible watch-cache
    runtime-config-emulation-forward-compatible send-retry-after-while-not-ready-once shutdown-send-retry-after
  `),
  values: names(`
    kubelet-timeout endpoint-reconciler-type
    cert-dir coordinated-leadership-lease-duration coordinated-leadership-renew-deadline debug-socket-path
    coordinated-leadership-retry-period delete-collection-workers emulated-version goaway-chance
    etcd-compaction-interval etcd-count-metric-poll-period etcd-db-metric-poll-interval etcd-healthcheck-timeout
    etcd-readycheck-timeout lease-reuse-duration-seconds livez-grace-period max-connection-bytes-per-sec
    min-compatibility-version storage-initialization-timeout storage-media-type
    shutdown-watch-termination-grace-period watch-cache-sizes
  `),
  fixed: { 'service-account-lookup': 'true', 'enable-garbage-collector': 'true' },
})
