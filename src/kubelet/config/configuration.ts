import type { ResourceList, TracingConfiguration } from '#machinery'
import type { Taint } from '#api/core/v1'
import type { ShutdownPeriod } from '../shutdown/groups.ts'
import { verificationPolicies, type VerificationPolicy } from '../images/pull-policy.ts'
import type { TopologyPolicy } from '../numa/hints.ts'
import type { MemoryReservation } from '../memory/machine.ts'
import { configurationFields } from './fields.ts'
import { Reader } from './reader.ts'
import { guarding } from './guarding.ts'
import { placing, reservations } from './placing.ts'

/**
 * A node agent's configuration: the fields of KubeletConfiguration (kubelet.config.k8s.io/v1beta1) that we have use for,
 * with their defaults filled in. Durations are milliseconds.
 */
export interface KubeletConfiguration {
  readonly staticPodPath: string
  readonly fileCheckFrequency: number
  readonly staticPodURL: string
  readonly staticPodURLHeader: { readonly [name: string]: readonly string[] }
  readonly httpCheckFrequency: number
  readonly podLogsDir: string
  readonly syncFrequency: number
  readonly address: string
  /** 0 is the system's choice. */
  readonly port: number
  /** Where everybody is told of pods and measures; 0 is nowhere. */
  readonly readOnlyPort: number
  readonly tlsCertFile: string
  readonly tlsPrivateKeyFile: string
  readonly clientCAFile: string
  readonly anonymousAuthentication: boolean
  readonly webhookAuthentication: { readonly enabled: boolean; readonly cacheTTL: number }
  readonly authorizationMode: 'Webhook' | 'AlwaysAllow'
  readonly webhookAuthorization: { readonly cacheAuthorizedTTL: number; readonly cacheUnauthorizedTTL: number }
  readonly enableDebuggingHandlers: boolean
  readonly enableProfilingHandler: boolean
  readonly enableDebugFlagsHandler: boolean
  /** Serves the files of /var/log. */
  readonly enableSystemLogHandler: boolean
  /** Serves what services have logged, too. */
  readonly enableSystemLogQuery: boolean
  readonly healthzPort: number
  readonly healthzBindAddress: string
  readonly oomScoreAdj: number
  /** What pods may have of the node's swap. */
  readonly swapBehavior: 'NoSwap' | 'LimitedSwap'
  readonly clusterDomain: string
  readonly clusterDNS: readonly string[]
  readonly streamingConnectionIdleTimeout: number
  /** Events that are sent each second in the long run, and at once. */
  readonly eventRecordQPS: number
  readonly eventBurst: number
  /** Other requests to the API, without those that tell that the node lives; as many as there are unless somebody says so. */
  readonly kubeAPIQPS: number
  readonly kubeAPIBurst: number
  readonly nodeStatusUpdateFrequency: number
  readonly nodeStatusReportFrequency: number
  readonly nodeLeaseDurationSeconds: number
  readonly imageMinimumGCAge: number
  /** 0 keeps unused images of any age. */
  readonly imageMaximumGCAge: number
  readonly volumeStatsAggPeriod: number
  readonly imageGCHighThresholdPercent: number
  readonly imageGCLowThresholdPercent: number
  /** Cgroup under which those of pods are; empty for the root. */
  readonly cgroupRoot: string
  readonly cgroupDriver: 'cgroupfs' | 'systemd'
  /** Cgroup that the agent is put into; empty to leave it where it is. */
  readonly kubeletCgroups: string
  /** Cgroup that what else the machine runs is put into, and of which the summary tells; empty for none. */
  readonly systemCgroups: string
  readonly singleProcessOOMKill: boolean
  /** Refuses machines with cgroup v1; unlike elsewhere they are welcome unless somebody says so. */
  readonly failCgroupV1: boolean
  readonly runtimeRequestTimeout: number
  readonly maxPods: number
  readonly podsPerCore: number
  readonly podPidsLimit: number
  readonly resolvConf: string
  readonly cpuCFSQuota: boolean
  readonly cpuCFSQuotaPeriod: number
  readonly nodeStatusMaxImages: number
  readonly serializeImagePulls: boolean
  readonly maxParallelImagePulls: number
  /** Pulls that may begin each second; 0 for as many as there are. */
  readonly registryPullQPS: number
  readonly registryBurst: number
  readonly imagePullCredentialsVerificationPolicy: VerificationPolicy
  readonly preloadedImagesVerificationAllowlist: readonly string[]
  readonly enableControllerAttachDetach: boolean
  readonly containerLogMaxSize: number
  readonly containerLogMaxFiles: number
  readonly containerLogMonitorInterval: number
  readonly evictionHard: ResourceList
  readonly evictionSoft: ResourceList
  readonly evictionSoftGracePeriod: { readonly [signal: string]: number }
  readonly evictionPressureTransitionPeriod: number
  readonly evictionMaxPodGracePeriod: number
  /** How much more than a threshold is to be left before it counts as kept again. */
  readonly evictionMinimumReclaim: ResourceList
  /** Whether the kernel is to tell when thresholds of memory are crossed, where it can. */
  readonly kernelMemcgNotification: boolean
  /** Whether what pods keep on the node's own disk is a resource: counted, limited and reserved. */
  readonly localStorageCapacityIsolation: boolean
  readonly systemReserved: ResourceList
  readonly kubeReserved: ResourceList
  readonly enforceNodeAllocatable: readonly string[]
  readonly allowedUnsafeSysctls: readonly string[]
  readonly providerID: string
  readonly shutdownGracePeriod: number
  readonly shutdownGracePeriodCriticalPods: number
  readonly shutdownGracePeriodByPodPriority: readonly ShutdownPeriod[]
  readonly maxContainerRestartPeriod: number
  readonly seccompDefault: boolean
  readonly registerWithTaints: readonly Taint[]
  readonly registerNode: boolean
  readonly cpuManagerPolicy: 'none' | 'static'
  readonly cpuManagerPolicyOptions: { readonly [option: string]: string }
  readonly cpuManagerReconcilePeriod: number
  readonly memoryManagerPolicy: 'None' | 'Static'
  /** What NUMA nodes keep from pods; adds up to what the node keeps. */
  readonly reservedMemory: readonly MemoryReservation[]
  /** CPUs for the system, as the kernel lists them; chosen by number where it is empty. */
  readonly reservedSystemCPUs: string
  readonly topologyManagerPolicy: TopologyPolicy
  readonly topologyManagerScope: 'container' | 'pod'
  readonly topologyManagerPolicyOptions: { readonly [option: string]: string }
  /** Ids that a pod with users of its own has. */
  readonly userNamespaceIdsPerPod: number
  readonly featureGates: { readonly [gate: string]: boolean }
  /** Whom the kubelet tells how long what takes (KEP-2831); nobody when absent. */
  readonly tracing?: TracingConfiguration
  readonly containerRuntimeEndpoint: string
  readonly imageServiceEndpoint: string
  /** What was given of fields that change nothing here, as it was given. */
  readonly unread: { readonly [field: string]: unknown }
}

const minute = 60_000

/**
 * Reads a KubeletConfiguration as it was parsed from YAML or JSON.
 *
 * @throws TypeError when a field is unknown or has the wrong type, DurationError or QuantityError for what is none.
 */
export function readConfiguration(parsed: unknown = {}): KubeletConfiguration {
  const root = new Reader(parsed, '')
  const unknown = Object.keys(parsed ?? {}).filter((name) => !configurationFields.has(name))
  if (unknown.length > 0) {
    const list = unknown.map((name) => `unknown field ${JSON.stringify(name)}`).join(', ')
    throw new TypeError(`read configuration: strict decoding error: ${list}`)
  }
  const kind = root.text('kind', 'KubeletConfiguration')
  if (kind !== 'KubeletConfiguration')
    throw new TypeError(`read configuration: kind is ${kind}, want KubeletConfiguration`)
  const read = { ...serving(root), ...node(root), ...pods(root), ...images(root), ...guarding(root), ...placing(root) }
  const traced = tracing(root)
  const { apiVersion: _, ...unread } = root.unread()
  return { ...read, ...traced, unread }
}

function tracing(root: Reader): Pick<KubeletConfiguration, 'tracing'> {
  if (!root.has('tracing')) return {}
  const given = root.child('tracing')
  return {
    tracing: {
      ...(given.has('endpoint') ? { endpoint: given.text('endpoint') } : {}),
      ...(given.has('samplingRatePerMillion')
        ? { samplingRatePerMillion: given.number('samplingRatePerMillion', 0) }
        : {}),
    },
  }
}

function serving(
  root: Reader,
): Pick<
  KubeletConfiguration,
  | 'address'
  | 'port'
  | 'readOnlyPort'
  | 'tlsCertFile'
  | 'tlsPrivateKeyFile'
  | 'clientCAFile'
  | 'anonymousAuthentication'
  | 'webhookAuthentication'
  | 'authorizationMode'
  | 'webhookAuthorization'
  | 'enableDebuggingHandlers'
  | 'enableProfilingHandler'
  | 'enableDebugFlagsHandler'
  | 'enableSystemLogHandler'
  | 'enableSystemLogQuery'
  | 'healthzPort'
  | 'healthzBindAddress'
  | 'streamingConnectionIdleTimeout'
  | 'eventRecordQPS'
  | 'eventBurst'
  | 'kubeAPIQPS'
  | 'kubeAPIBurst'
> {
  const authentication = root.child('authentication')
  const webhook = authentication.child('webhook')
  const authorization = root.child('authorization')
  const decisions = authorization.child('webhook')
  const mode = authorization.text('mode', 'Webhook')
  if (mode !== 'Webhook' && mode !== 'AlwaysAllow') {
    throw new TypeError(`read configuration: authorization.mode is ${mode}, want Webhook or AlwaysAllow`)
  }
  return {
    address: root.text('address', '0.0.0.0'),
    port: root.number('port', 10_250),
    readOnlyPort: readOnlyPort(root),
    tlsCertFile: root.text('tlsCertFile'),
    tlsPrivateKeyFile: root.text('tlsPrivateKeyFile'),
    clientCAFile: authentication.child('x509').text('clientCAFile'),
    anonymousAuthentication: authentication.child('anonymous').flag('enabled', false),
    webhookAuthentication: { enabled: webhook.flag('enabled', true), cacheTTL: webhook.millis('cacheTTL', 2 * minute) },
    authorizationMode: mode,
    webhookAuthorization: {
      cacheAuthorizedTTL: decisions.millis('cacheAuthorizedTTL', 5 * minute),
      cacheUnauthorizedTTL: decisions.millis('cacheUnauthorizedTTL', minute / 2),
    },
    enableDebuggingHandlers: root.flag('enableDebuggingHandlers', true),
    enableProfilingHandler: root.flag('enableProfilingHandler', true),
    enableDebugFlagsHandler: root.flag('enableDebugFlagsHandler', true),
    ...nodeLogs(root),
    healthzPort: root.number('healthzPort', 10_248),
    healthzBindAddress: root.text('healthzBindAddress', '127.0.0.1'),
    streamingConnectionIdleTimeout: root.millis('streamingConnectionIdleTimeout', 240 * minute),
    ...rates(root),
  }
}

/** A burst of 0 means the default. */
function rates(
  root: Reader,
): Pick<KubeletConfiguration, 'eventRecordQPS' | 'eventBurst' | 'kubeAPIQPS' | 'kubeAPIBurst'> {
  return {
    eventRecordQPS: root.number('eventRecordQPS', 50),
    eventBurst: root.number('eventBurst', 0) || 100,
    kubeAPIQPS: root.number('kubeAPIQPS', Infinity),
    kubeAPIBurst: root.number('kubeAPIBurst', 0) || 100,
  }
}

function readOnlyPort(root: Reader): number {
  const port = root.number('readOnlyPort', 0)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  const field = `readOnlyPort (--read-only-port) ${port}`
  throw new TypeError(`invalid configuration: ${field} must be between 0 and 65535, inclusive`)
}

function nodeLogs(root: Reader): Pick<KubeletConfiguration, 'enableSystemLogHandler' | 'enableSystemLogQuery'> {
  const enableSystemLogHandler = root.flag('enableSystemLogHandler', true)
  const enableSystemLogQuery = root.flag('enableSystemLogQuery', false)
  if (enableSystemLogQuery && !enableSystemLogHandler) {
    throw new TypeError('invalid configuration: enableSystemLogHandler is required for enableSystemLogQuery')
  }
  return { enableSystemLogHandler, enableSystemLogQuery }
}

function node(
  root: Reader,
): Pick<
  KubeletConfiguration,
  | 'clusterDomain'
  | 'clusterDNS'
  | 'nodeStatusUpdateFrequency'
  | 'nodeStatusReportFrequency'
  | 'nodeLeaseDurationSeconds'
  | 'nodeStatusMaxImages'
  | 'maxPods'
  | 'podsPerCore'
  | 'providerID'
  | 'registerWithTaints'
  | 'registerNode'
  | 'resolvConf'
  | 'oomScoreAdj'
  | 'enableControllerAttachDetach'
  | 'systemReserved'
  | 'kubeReserved'
  | 'enforceNodeAllocatable'
  | 'shutdownGracePeriod'
  | 'shutdownGracePeriodCriticalPods'
  | 'shutdownGracePeriodByPodPriority'
> {
  const updates = root.millis('nodeStatusUpdateFrequency', 10_000)
  return {
    clusterDomain: root.text('clusterDomain'),
    clusterDNS: root.texts('clusterDNS'),
    nodeStatusUpdateFrequency: updates,
    nodeStatusReportFrequency: root.millis(
      'nodeStatusReportFrequency',
      root.has('nodeStatusUpdateFrequency') ? updates : 5 * minute,
    ),
    nodeLeaseDurationSeconds: root.number('nodeLeaseDurationSeconds', 40),
    nodeStatusMaxImages: root.number('nodeStatusMaxImages', 50),
    maxPods: root.number('maxPods', 110),
    podsPerCore: root.number('podsPerCore', 0),
    providerID: root.text('providerID'),
    registerWithTaints: root.list('registerWithTaints') as readonly Taint[],
    registerNode: root.flag('registerNode', true),
    resolvConf: root.text('resolvConf', '/etc/resolv.conf'),
    oomScoreAdj: root.number('oomScoreAdj', -999),
    enableControllerAttachDetach: root.flag('enableControllerAttachDetach', true),
    ...reservations(root),
    enforceNodeAllocatable: root.has('enforceNodeAllocatable') ? root.texts('enforceNodeAllocatable') : ['pods'],
    shutdownGracePeriod: root.millis('shutdownGracePeriod', 0),
    shutdownGracePeriodCriticalPods: root.millis('shutdownGracePeriodCriticalPods', 0),
    shutdownGracePeriodByPodPriority: root.list('shutdownGracePeriodByPodPriority') as readonly ShutdownPeriod[],
  }
}

function pods(
  root: Reader,
): Pick<
  KubeletConfiguration,
  | 'staticPodPath'
  | 'fileCheckFrequency'
  | 'staticPodURL'
  | 'staticPodURLHeader'
  | 'httpCheckFrequency'
  | 'podLogsDir'
  | 'syncFrequency'
  | 'cgroupRoot'
  | 'cgroupDriver'
  | 'kubeletCgroups'
  | 'systemCgroups'
  | 'singleProcessOOMKill'
  | 'failCgroupV1'
  | 'swapBehavior'
  | 'runtimeRequestTimeout'
  | 'podPidsLimit'
  | 'cpuCFSQuota'
  | 'cpuCFSQuotaPeriod'
  | 'allowedUnsafeSysctls'
  | 'maxContainerRestartPeriod'
  | 'seccompDefault'
  | 'containerRuntimeEndpoint'
  | 'imageServiceEndpoint'
> {
  const driver = root.text('cgroupDriver', 'cgroupfs')
  if (driver !== 'cgroupfs' && driver !== 'systemd') {
    throw new TypeError(`read configuration: cgroupDriver is ${driver}, want cgroupfs or systemd`)
  }
  return {
    staticPodPath: root.text('staticPodPath'),
    fileCheckFrequency: root.millis('fileCheckFrequency', 20_000),
    staticPodURL: root.text('staticPodURL'),
    staticPodURLHeader: root.lists('staticPodURLHeader'),
    httpCheckFrequency: root.millis('httpCheckFrequency', 20_000),
    podLogsDir: root.text('podLogsDir', '/var/log/pods'),
    syncFrequency: root.millis('syncFrequency', minute),
    cgroupRoot: root.text('cgroupRoot'),
    cgroupDriver: driver,
    kubeletCgroups: root.text('kubeletCgroups'),
    systemCgroups: root.text('systemCgroups'),
    swapBehavior: swapBehavior(root.child('memorySwap').text('swapBehavior')),
    singleProcessOOMKill: root.flag('singleProcessOOMKill', false),
    failCgroupV1: root.flag('failCgroupV1', false),
    runtimeRequestTimeout: root.millis('runtimeRequestTimeout', 2 * minute),
    podPidsLimit: root.number('podPidsLimit', -1),
    cpuCFSQuota: root.flag('cpuCFSQuota', true),
    cpuCFSQuotaPeriod: root.millis('cpuCFSQuotaPeriod', 100),
    allowedUnsafeSysctls: root.texts('allowedUnsafeSysctls'),
    maxContainerRestartPeriod: restartPeriod(
      root.child('crashLoopBackOff').millis('maxContainerRestartPeriod', 5 * minute),
    ),
    seccompDefault: root.flag('seccompDefault', false),
    containerRuntimeEndpoint: root.text('containerRuntimeEndpoint', 'unix:///run/containerd/containerd.sock'),
    imageServiceEndpoint: root.text('imageServiceEndpoint'),
  }
}

function swapBehavior(text: string): KubeletConfiguration['swapBehavior'] {
  if (text === '' || text === 'NoSwap') return 'NoSwap'
  if (text === 'LimitedSwap') return text
  const field = `memorySwap.swapBehavior ${JSON.stringify(text)}`
  throw new TypeError(`invalid configuration: ${field} must be one of: "", "LimitedSwap" or "NoSwap"`)
}

function restartPeriod(ms: number): number {
  if (ms >= 1000 && ms <= 5 * minute) return ms
  const field = `CrashLoopBackOff.MaxContainerRestartPeriod (got: ${ms / 1000} seconds)`
  throw new TypeError(`invalid configuration: ${field} must be set between 1s and 300s`)
}

function images(
  root: Reader,
): Pick<
  KubeletConfiguration,
  | 'serializeImagePulls'
  | 'maxParallelImagePulls'
  | 'registryPullQPS'
  | 'registryBurst'
  | 'imagePullCredentialsVerificationPolicy'
  | 'preloadedImagesVerificationAllowlist'
> {
  const serial = root.flag('serializeImagePulls', true)
  const asked = root.text('imagePullCredentialsVerificationPolicy', 'NeverVerifyPreloadedImages')
  const policy = verificationPolicies.find((each) => each === asked)
  if (policy === undefined) {
    const known = verificationPolicies.join(', ')
    throw new TypeError(`read configuration: imagePullCredentialsVerificationPolicy is ${asked}, want one of ${known}`)
  }
  return {
    serializeImagePulls: serial,
    maxParallelImagePulls: root.number('maxParallelImagePulls', serial ? 1 : Infinity),
    registryPullQPS: root.number('registryPullQPS', 5),
    registryBurst: root.number('registryBurst', 10),
    imagePullCredentialsVerificationPolicy: policy,
    preloadedImagesVerificationAllowlist: root.texts('preloadedImagesVerificationAllowlist'),
  }
}
