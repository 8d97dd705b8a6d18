import { guardingFlags, type GuardingFlags } from './guarding-flags.ts'
import type { FlagSet } from '../flags/flag.ts'
import {
  address,
  choice,
  duration,
  integer,
  list,
  absentIfEmpty,
  multimap,
  pairs,
  port,
  text,
  toggle,
} from '../flags/kinds.ts'
import type { ToleratedFlags } from '../flags/parse.ts'
import { credentialProviderFlags } from './credential-provider-flags.ts'
import type { CredentialProviderFlags } from './credential-provider-flags.ts'
import { featureFlags, logFlags, tolerate, toleratedLogFlags } from './common.ts'
import { names } from './names.ts'
import type { FeatureFlags, LogFlags } from './common.ts'

export interface KubeletFlags extends GuardingFlags, CredentialProviderFlags, FeatureFlags, LogFlags {
  readonly config: string | undefined
  readonly 'config-dir': string | undefined
  readonly kubeconfig: string | undefined
  readonly 'hostname-override': string | undefined
  readonly 'node-ip': string | undefined
  readonly 'node-labels': { readonly [name: string]: string }
  readonly 'register-node': boolean
  readonly 'register-with-taints': readonly string[]
  readonly 'provider-id': string | undefined
  readonly 'container-runtime-endpoint': string | undefined
  readonly 'image-service-endpoint': string | undefined
  readonly 'root-dir': string
  readonly address: string
  readonly port: number
  readonly 'read-only-port': number
  readonly 'healthz-port': number
  readonly 'healthz-bind-address': string
  readonly 'tls-cert-file': string | undefined
  readonly 'tls-private-key-file': string | undefined
  readonly 'client-ca-file': string | undefined
  readonly 'anonymous-auth': boolean
  readonly 'authentication-token-webhook': boolean
  readonly 'authorization-mode': 'AlwaysAllow' | 'Webhook'
  readonly 'cluster-dns': readonly string[]
  readonly 'cluster-domain': string
  readonly 'resolv-conf': string
  readonly 'pod-manifest-path': string | undefined
  readonly 'manifest-url': string | undefined
  readonly 'manifest-url-header': { readonly [name: string]: readonly string[] }
  readonly 'max-pods': number
  readonly 'pod-max-pids': number
  readonly 'cgroup-driver': 'cgroupfs' | 'systemd'
  readonly 'cgroup-root': string
  readonly 'kube-reserved': { readonly [name: string]: string }
  readonly 'system-reserved': { readonly [name: string]: string }
  readonly 'serialize-image-pulls': boolean
  readonly 'node-status-update-frequency': number
  readonly 'sync-frequency': number
  readonly 'streaming-connection-idle-timeout': number
  readonly 'cpu-manager-policy': 'none' | 'static'
  readonly 'cpu-manager-policy-options': { readonly [name: string]: string }
  readonly 'cpu-manager-reconcile-period': number
  readonly 'reserved-cpus': string | undefined
  readonly 'topology-manager-policy': 'none' | 'best-effort' | 'restricted' | 'single-numa-node'
  readonly 'topology-manager-scope': 'container' | 'pod'
  readonly 'topology-manager-policy-options': { readonly [name: string]: string }
  readonly 'cpu-cfs-quota': boolean
  readonly 'cpu-cfs-quota-period': number
  readonly 'enable-controller-attach-detach': boolean
  readonly 'enable-debugging-handlers': boolean
  readonly 'enforce-node-allocatable': readonly string[]
  readonly 'file-check-frequency': number
  readonly 'http-check-frequency': number
  readonly 'node-status-max-images': number
  readonly 'oom-score-adj': number
  readonly 'pods-per-core': number
  readonly 'runtime-request-timeout': number
  readonly 'bootstrap-kubeconfig': string | undefined
  readonly 'cert-dir': string | undefined
  readonly 'runtime-cgroups': string | undefined
  readonly 'kubelet-cgroups': string
  readonly 'system-cgroups': string
  readonly 'local-storage-capacity-isolation': boolean
  readonly 'kernel-memcg-notification': boolean
  readonly 'fail-cgroupv1': boolean
  readonly 'event-qps': number
  readonly 'event-burst': number
  readonly 'kube-api-qps': number | undefined
  readonly 'kube-api-burst': number
  readonly 'registry-qps': number
  readonly 'registry-burst': number
  readonly 'lock-file': string | undefined
  readonly 'exit-on-lock-contention': boolean
  readonly 'rotate-certificates': boolean
  readonly 'rotate-server-certificates': boolean
}

const seconds = (count: number): number => count * 1000

export const kubeletFlags: FlagSet<KubeletFlags> = {
  config: absentIfEmpty('KubeletConfiguration; flags that are given go before it.', 'file'),
  'config-dir': absentIfEmpty('Folder of *.conf files whose fields go before those of --config.', 'folder'),
  kubeconfig: absentIfEmpty(
    'File that says where the API server is and how to show oneself to it; when absent, static pods run without one.',
    'file',
  ),
  'hostname-override': absentIfEmpty("Name of the node; the machine's when absent."),
  'node-ip': absentIfEmpty('Address of the node; that of the default route when absent.', 'ip'),
  'node-labels': pairs('Labels that the node registers with.'),
  'register-node': toggle(true, 'Whether to register the node.'),
  'register-with-taints': list([], 'Taints that the node registers with: key=value:effect.'),
  'provider-id': absentIfEmpty('Name of the machine at its provider.'),
  'container-runtime-endpoint': absentIfEmpty(
    'Socket of the container runtime; unix:///run/containerd/containerd.sock when absent.',
    'unix:///path',
  ),
  'image-service-endpoint': absentIfEmpty(
    'Socket of the image service; that of the runtime when absent.',
    'unix:///path',
  ),
  'root-dir': text('/var/lib/kubelet', 'Folder for volumes and state.', 'folder'),
  address: address('0.0.0.0', 'Address to listen at.'),
  port: port(10_250, 'Port of HTTPS.'),
  'read-only-port': port(0, 'Port without TLS at which everybody is told of pods and measures; 0 turns it off.'),
  'healthz-port': port(10_248, 'Port of /healthz without TLS; 0 turns it off.'),
  'healthz-bind-address': address('127.0.0.1', 'Address of --healthz-port.'),
  'tls-cert-file': absentIfEmpty('Certificate of HTTPS; signed by itself when absent.', 'file'),
  'tls-private-key-file': absentIfEmpty('Private key of --tls-cert-file.', 'file'),
  'client-ca-file': absentIfEmpty('Authorities whose client certificates are trusted.', 'file'),
  'anonymous-auth': toggle(false, 'Whether requests without credentials are from system:anonymous.'),
  'authentication-token-webhook': toggle(
    true,
    'Whether the API server is asked who a token stands for, with --kubeconfig.',
  ),
  'authorization-mode': choice(
    ['AlwaysAllow', 'Webhook'],
    'Webhook',
    'Who decides: everybody may, as without --kubeconfig, or the API server is asked.',
  ),
  'cluster-dns': list([], 'Addresses of the cluster DNS.'),
  'cluster-domain': text('cluster.local', 'Domain of the cluster.', 'domain'),
  'resolv-conf': text('/etc/resolv.conf', 'Resolver configuration that pods inherit.', 'file'),
  'pod-manifest-path': absentIfEmpty('Folder of static pods.', 'folder'),
  'manifest-url': absentIfEmpty('URL of a static pod, or of a list of them.', 'url'),
  'manifest-url-header': multimap('Headers that --manifest-url is asked with.'),
  'max-pods': integer(110, 'Pods on the node.', { least: 0 }),
  'pod-max-pids': integer(-1, 'Processes per pod; -1 sets no limit.', { least: -1 }),
  'cgroup-driver': choice(['cgroupfs', 'systemd'], 'cgroupfs', 'Who makes cgroups.'),
  'cgroup-root': text('/', 'Cgroup under which those of pods are.', 'path'),
  'kube-reserved': pairs('Resources kept for the parts of Kubernetes: cpu=100m,memory=200Mi.'),
  'system-reserved': pairs('Resources kept for everything else.'),
  'serialize-image-pulls': toggle(true, 'Whether images are pulled one after the other.'),
  'node-status-update-frequency': duration(seconds(10), 'Time between two looks at the state of the node.'),
  'sync-frequency': duration(seconds(60), 'Longest time between two looks at a pod.'),
  'streaming-connection-idle-timeout': duration(seconds(4 * 3600), 'How long exec and its kin may be silent.'),
  'cpu-manager-policy': choice(['none', 'static'], 'none', 'Whether guaranteed pods get whole CPUs to themselves.'),
  'cpu-manager-policy-options': pairs('How they are chosen: full-pcpus-only=true.'),
  'cpu-manager-reconcile-period': duration(seconds(10), 'Time between two looks at the CPUs of containers.'),
  'reserved-cpus': absentIfEmpty(
    'CPUs that no pod gets to itself; chosen by the amounts reserved when absent.',
    '0-1,4',
  ),
  'topology-manager-policy': choice(
    ['none', 'best-effort', 'restricted', 'single-numa-node'],
    'none',
    'How strictly CPUs and devices come from the same NUMA nodes.',
  ),
  'topology-manager-scope': choice(
    ['container', 'pod'],
    'container',
    'Whether for each container, or for a pod as a whole.',
  ),
  'topology-manager-policy-options': pairs('How NUMA nodes are chosen: prefer-closest-numa-nodes=true.'),
  'cpu-cfs-quota': toggle(true, 'Whether CPU limits are held by quotas.'),
  'cpu-cfs-quota-period': duration(100, 'Period of CPU quotas.'),
  'enable-controller-attach-detach': toggle(
    true,
    'Whether volumes are attached by the controller, and not by the kubelet.',
  ),
  'enable-debugging-handlers': toggle(true, 'Whether logs, commands and port-forwarding are served.'),
  'enforce-node-allocatable': list(
    ['pods'],
    'For whom reservations are enforced: pods, system-reserved, kube-reserved, none.',
  ),
  'file-check-frequency': duration(seconds(20), 'Time between two looks at --pod-manifest-path.'),
  'http-check-frequency': duration(seconds(20), 'Time between two looks at --manifest-url.'),
  'node-status-max-images': integer(50, 'Images that the node tells of; -1 for all.', { least: -1 }),
  'oom-score-adj': integer(-999, 'How readily the kernel ends the kubelet when memory runs out.', {
    least: -1000,
    most: 1000,
  }),
  'pods-per-core': integer(0, 'Pods per processor at most; 0 sets no limit.', { least: 0 }),
  'runtime-request-timeout': duration(seconds(120), 'How long the container runtime may take for an answer.'),
  'bootstrap-kubeconfig': absentIfEmpty(
    'File that may ask for the certificate of --kubeconfig, when that does not exist.',
    'file',
  ),
  'cert-dir': absentIfEmpty('Folder of certificates that are asked for; pki in --root-dir when absent.', 'folder'),
  'event-qps': integer(50, 'Events sent each second, in the long run; 0 is 5.', { least: 0 }),
  'event-burst': integer(100, 'Events sent at once.', { least: 0 }),
  'kube-api-qps': {
    ...integer(0, 'Other requests to the API server each second, in the long run; 0 is 5. No limit when absent.', {
      least: 0,
    }),
    default: undefined,
  },
  'kube-api-burst': integer(100, 'Requests to the API server at once, with --kube-api-qps.', { least: 0 }),
  'registry-qps': integer(5, 'Pulls that begin each second, in the long run; 0 sets no limit.', { least: 0 }),
  'registry-burst': integer(10, 'Pulls that begin at once.', { least: 0 }),
  'lock-file': absentIfEmpty('File whose lock (flock) the kubelet waits for, and has while it runs.', 'file'),
  'exit-on-lock-contention': toggle(false, 'Whether the kubelet ends when somebody else waits for --lock-file.'),
  'runtime-cgroups': absentIfEmpty('Cgroup of the container runtime, of which /stats/summary tells.', 'path'),
  'kubelet-cgroups': text('', 'Cgroup that the kubelet is put into.', 'path'),
  'system-cgroups': text(
    '',
    "Cgroup that all processes of the root cgroup are put into, but for the first and the kernel's.",
    'path',
  ),
  'local-storage-capacity-isolation': toggle(
    true,
    "Whether what pods keep on the node's own disk is counted and limited.",
  ),
  'kernel-memcg-notification': toggle(
    false,
    'Whether the kernel is to tell of memory thresholds: it can not tell k8ts, which says so and looks every ten seconds.',
  ),
  'fail-cgroupv1': toggle(false, 'Whether the kubelet refuses to run where there is cgroup v1.'),
  'rotate-certificates': toggle(false, 'Whether the certificate that was asked for is renewed in time.'),
  'rotate-server-certificates': toggle(
    false,
    'Whether the certificate of HTTPS is asked for, and renewed in time; somebody has to approve it.',
  ),
  ...guardingFlags,
  ...credentialProviderFlags,
  ...featureFlags,
  ...logFlags,
}

export const toleratedKubeletFlags: ToleratedFlags = tolerate(toleratedLogFlags, {
  toggles: names(`
    cgroups-per-qos fail-swap-on contention-profiling enable-load-reader enable-server
    experimental-allocatable-ignore-eviction
    log-cadvisor-usage make-iptables-util-chains protect-kernel-defaults
    storage-driver-secure
  `),
  values: names(`
    application-metrics-count-limit authentication-token-webhook-cache-ttl boot-id-file cloud-provider
    authorization-webhook-cache-authorized-ttl authorization-webhook-cache-unauthorized-ttl containerd
    container-hints containerd-namespace event-storage-age-limit
    event-storage-event-limit global-housekeeping-interval hairpin-mode housekeeping-interval
    kube-api-content-type machine-id-file max-housekeeping-interval
    max-open-files maximum-dead-containers maximum-dead-containers-per-container minimum-container-ttl-duration
    storage-driver-buffer-duration storage-driver-db
    storage-driver-host storage-driver-password storage-driver-table storage-driver-user tls-cipher-suites
    tls-min-version volume-plugin-dir
  `),
})
