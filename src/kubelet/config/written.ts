import { formatDuration } from '#machinery'
import type { KubeletConfiguration } from './configuration.ts'

const durations: ReadonlySet<string> = new Set([
  'fileCheckFrequency',
  'httpCheckFrequency',
  'syncFrequency',
  'streamingConnectionIdleTimeout',
  'nodeStatusUpdateFrequency',
  'nodeStatusReportFrequency',
  'imageMinimumGCAge',
  'imageMaximumGCAge',
  'volumeStatsAggPeriod',
  'runtimeRequestTimeout',
  'cpuCFSQuotaPeriod',
  'containerLogMonitorInterval',
  'evictionPressureTransitionPeriod',
  'shutdownGracePeriod',
  'shutdownGracePeriodCriticalPods',
  'cpuManagerReconcilePeriod',
])

/** Numbers that are left out when they are 0, as the API's type has them. */
const zeroIsNone: ReadonlySet<string> = new Set(['podsPerCore', 'evictionMaxPodGracePeriod', 'readOnlyPort'])

/** A configuration as a KubeletConfiguration (kubelet.config.k8s.io/v1beta1), from which it can be read again. */
export function writtenConfiguration(config: KubeletConfiguration): object {
  const {
    clientCAFile,
    anonymousAuthentication,
    webhookAuthentication,
    authorizationMode,
    webhookAuthorization: { cacheAuthorizedTTL, cacheUnauthorizedTTL },
    swapBehavior,
    maxParallelImagePulls,
    kubeAPIQPS,
    containerLogMaxSize,
    evictionSoftGracePeriod,
    maxContainerRestartPeriod,
    userNamespaceIdsPerPod,
    unread,
    ...rest
  } = config
  const plain = Object.entries(rest).map(([name, value]) => [
    name,
    durations.has(name) ? duration(value as number) : value,
  ])
  const grace = Object.entries(evictionSoftGracePeriod).map(([signal, ms]) => [signal, duration(ms)])
  return {
    ...unread,
    kind: 'KubeletConfiguration',
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    ...withoutEmpty({ ...Object.fromEntries(plain), evictionSoftGracePeriod: Object.fromEntries(grace) }),
    authentication: {
      x509: withoutEmpty({ clientCAFile }),
      webhook: { ...webhookAuthentication, cacheTTL: duration(webhookAuthentication.cacheTTL) },
      anonymous: { enabled: anonymousAuthentication },
    },
    authorization: {
      mode: authorizationMode,
      webhook: {
        cacheAuthorizedTTL: duration(cacheAuthorizedTTL),
        cacheUnauthorizedTTL: duration(cacheUnauthorizedTTL),
      },
    },
    memorySwap: { swapBehavior },
    ...(Number.isFinite(maxParallelImagePulls) && maxParallelImagePulls !== 1 ? { maxParallelImagePulls } : {}),
    ...(Number.isFinite(kubeAPIQPS) ? { kubeAPIQPS } : {}),
    containerLogMaxSize: sizeText(containerLogMaxSize),
    crashLoopBackOff: { maxContainerRestartPeriod: duration(maxContainerRestartPeriod) },
    userNamespaces: { idsPerPod: userNamespaceIdsPerPod },
  }
}

const duration = (ms: number): string => formatDuration(BigInt(Math.round(ms * 1_000_000)))

const mebibyte = 1 << 20

const sizeText = (bytes: number): string => (bytes % mebibyte === 0 ? `${bytes / mebibyte}Mi` : String(bytes))

function withoutEmpty(fields: { readonly [name: string]: unknown }): object {
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => {
      if (value === '' || value === undefined) return false
      if (value === 0) return !zeroIsNone.has(name)
      return typeof value !== 'object' || value === null || Object.keys(value).length > 0
    }),
  )
}
