import type { KubeletFlags } from './kubelet-flags.ts'

/** Field of a KubeletConfiguration that a flag stands for. */
const fields = {
  'register-node': 'registerNode',
  'provider-id': 'providerID',
  'container-runtime-endpoint': 'containerRuntimeEndpoint',
  'image-service-endpoint': 'imageServiceEndpoint',
  address: 'address',
  port: 'port',
  'read-only-port': 'readOnlyPort',
  'healthz-port': 'healthzPort',
  'healthz-bind-address': 'healthzBindAddress',
  'tls-cert-file': 'tlsCertFile',
  'tls-private-key-file': 'tlsPrivateKeyFile',
  'cluster-dns': 'clusterDNS',
  'cluster-domain': 'clusterDomain',
  'resolv-conf': 'resolvConf',
  'pod-manifest-path': 'staticPodPath',
  'manifest-url': 'staticPodURL',
  'manifest-url-header': 'staticPodURLHeader',
  'max-pods': 'maxPods',
  'pod-max-pids': 'podPidsLimit',
  'cgroup-driver': 'cgroupDriver',
  'cgroup-root': 'cgroupRoot',
  'kube-reserved': 'kubeReserved',
  'system-reserved': 'systemReserved',
  'eviction-hard': 'evictionHard',
  'eviction-soft': 'evictionSoft',
  'eviction-soft-grace-period': 'evictionSoftGracePeriod',
  'eviction-minimum-reclaim': 'evictionMinimumReclaim',
  'eviction-max-pod-grace-period': 'evictionMaxPodGracePeriod',
  'container-log-max-size': 'containerLogMaxSize',
  'container-log-max-files': 'containerLogMaxFiles',
  'image-gc-high-threshold': 'imageGCHighThresholdPercent',
  'image-gc-low-threshold': 'imageGCLowThresholdPercent',
  'serialize-image-pulls': 'serializeImagePulls',
  'rotate-certificates': 'rotateCertificates',
  'cpu-manager-policy': 'cpuManagerPolicy',
  'cpu-manager-policy-options': 'cpuManagerPolicyOptions',
  'reserved-cpus': 'reservedSystemCPUs',
  'topology-manager-policy': 'topologyManagerPolicy',
  'topology-manager-scope': 'topologyManagerScope',
  'topology-manager-policy-options': 'topologyManagerPolicyOptions',
  'cpu-cfs-quota': 'cpuCFSQuota',
  'enable-controller-attach-detach': 'enableControllerAttachDetach',
  'enable-debugging-handlers': 'enableDebuggingHandlers',
  'enforce-node-allocatable': 'enforceNodeAllocatable',
  'node-status-max-images': 'nodeStatusMaxImages',
  'oom-score-adj': 'oomScoreAdj',
  'kubelet-cgroups': 'kubeletCgroups',
  'system-cgroups': 'systemCgroups',
  'local-storage-capacity-isolation': 'localStorageCapacityIsolation',
  'kernel-memcg-notification': 'kernelMemcgNotification',
  'fail-cgroupv1': 'failCgroupV1',
  'event-qps': 'eventRecordQPS',
  'event-burst': 'eventBurst',
  'kube-api-qps': 'kubeAPIQPS',
  'kube-api-burst': 'kubeAPIBurst',
  'registry-qps': 'registryPullQPS',
  'registry-burst': 'registryBurst',
  'pods-per-core': 'podsPerCore',
  'rotate-server-certificates': 'serverTLSBootstrap',
} as const satisfies { readonly [flag in keyof KubeletFlags]?: string }

const durations = {
  'node-status-update-frequency': 'nodeStatusUpdateFrequency',
  'sync-frequency': 'syncFrequency',
  'cpu-cfs-quota-period': 'cpuCFSQuotaPeriod',
  'cpu-manager-reconcile-period': 'cpuManagerReconcilePeriod',
  'file-check-frequency': 'fileCheckFrequency',
  'http-check-frequency': 'httpCheckFrequency',
  'runtime-request-timeout': 'runtimeRequestTimeout',
  'minimum-image-ttl-duration': 'imageMinimumGCAge',
  'eviction-pressure-transition-period': 'evictionPressureTransitionPeriod',
  'volume-stats-agg-period': 'volumeStatsAggPeriod',
  'streaming-connection-idle-timeout': 'streamingConnectionIdleTimeout',
} as const satisfies { readonly [flag in keyof KubeletFlags]?: string }

/** What flags that were given say, as a KubeletConfiguration has it. */
export function configurationOf(
  flags: KubeletFlags,
  given: ReadonlySet<string>,
): { readonly [field: string]: unknown } {
  const hasFile = given.has('config') || given.has('config-dir')
  // Where there is no API, it is asked only for those who say so.
  const asksApi = (flag: string): boolean => flags.kubeconfig !== undefined || hasFile || given.has(flag)
  const configuration: { [field: string]: unknown } = {
    authentication: {
      anonymous: { enabled: flags['anonymous-auth'] },
      webhook: { enabled: asksApi('authentication-token-webhook') && flags['authentication-token-webhook'] },
      ...(flags['client-ca-file'] === undefined ? {} : { x509: { clientCAFile: flags['client-ca-file'] } }),
    },
    authorization: { mode: asksApi('authorization-mode') ? flags['authorization-mode'] : 'AlwaysAllow' },
  }
  if (hasFile && !authenticationFlags.some((flag) => given.has(flag))) {
    delete configuration['authentication']
    delete configuration['authorization']
  }
  for (const [flag, field] of Object.entries(fields)) {
    if (given.has(flag)) configuration[field] = flags[flag as keyof typeof fields]
  }
  for (const [flag, field] of Object.entries(durations)) {
    if (given.has(flag)) configuration[field] = `${flags[flag as keyof typeof durations]}ms`
  }
  if (given.has('register-with-taints'))
    configuration['registerWithTaints'] = flags['register-with-taints'].map(taintOf)
  return configuration
}

const authenticationFlags = ['anonymous-auth', 'authentication-token-webhook', 'client-ca-file', 'authorization-mode']

/** `key=value:Effect`. */
function taintOf(text: string): { readonly key: string; readonly value: string; readonly effect: string } {
  const [, key = '', value = '', effect = ''] = /^([^=:]+)(?:=([^:]*))?:(.+)$/.exec(text) ?? []
  return { key, value, effect }
}
