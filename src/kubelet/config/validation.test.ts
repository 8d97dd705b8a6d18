import { expect, test } from 'vitest'
import { readConfiguration } from './configuration.ts'
import { validateConfiguration } from './validation.ts'

const problems = (given: object): readonly string[] => validateConfiguration(readConfiguration(given))

test('the defaults are fine, and what is at the edge', () => {
  expect(problems({})).toEqual([])
  const edge = {
    port: 0,
    healthzPort: 0,
    oomScoreAdj: -1000,
    cpuCFSQuotaPeriod: '1s',
    nodeStatusMaxImages: -1,
    imageMinimumGCAge: '1m',
    imageMaximumGCAge: '2m',
    serializeImagePulls: false,
    maxParallelImagePulls: 5,
    shutdownGracePeriod: '30s',
    shutdownGracePeriodCriticalPods: '30s',
    enforceNodeAllocatable: ['none'],
    hairpinMode: 'hairpin-veth',
    containerLogMaxFiles: 2,
    containerLogMonitorInterval: '3s',
    kubeAPIQPS: 0,
    eventRecordQPS: 0,
  }
  expect(problems(edge)).toEqual([])
})

test('validateConfiguration() looks at tracing in the words of the check that servers share', () => {
  expect(problems({ tracing: {} })).toEqual([])
  expect(problems({ tracing: { endpoint: 'http://x:1', samplingRatePerMillion: -1 } })).toEqual([
    'tracing.samplingRatePerMillion: Invalid value: -1: sampling rate must be positive',
    'tracing.endpoint: Invalid value: "http://x:1": unsupported scheme: http.  Options are none, dns, unix, or unix-abstract.  See https://github.com/grpc/grpc/blob/master/doc/naming.md',
  ])
})

test.each([
  [{ nodeLeaseDurationSeconds: -1 }, 'nodeLeaseDurationSeconds must be greater than 0'],
  [
    { systemCgroups: '/system' },
    'systemCgroups (--system-cgroups) was specified and cgroupRoot (--cgroup-root) was not specified',
  ],
  [{ eventRecordQPS: -1 }, 'eventRecordQPS (--event-qps) -1 must not be a negative number'],
  [{ kubeAPIBurst: -1 }, 'kubeAPIBurst (--kube-api-burst) -1 must not be a negative number'],
  [{ maxOpenFiles: -1 }, 'maxOpenFiles (--max-open-files) -1 must not be a negative number'],
  [{ port: 65_536 }, 'port (--port) 65536 must be between 1 and 65535, inclusive'],
  [{ oomScoreAdj: 1001 }, 'oomScoreAdj (--oom-score-adj) 1001 must be between -1000 and 1000, inclusive'],
  [
    { cpuCFSQuotaPeriod: '2s' },
    'cpuCFSQuotaPeriod (--cpu-cfs-quota-period) 2s must be between 1ms and 1sec, inclusive',
  ],
  [
    { maxParallelImagePulls: 2 },
    'maxParallelImagePulls cannot be larger than 1 unless SerializeImagePulls (--serialize-image-pulls) is set to false',
  ],
  [
    { shutdownGracePeriod: '10s', shutdownGracePeriodCriticalPods: '20s' },
    'shutdownGracePeriodCriticalPods 20s must be <= shutdownGracePeriod 10s',
  ],
  [{ shutdownGracePeriod: '500ms' }, 'shutdownGracePeriod 500ms must be either zero or otherwise >= 1 sec'],
  [
    {
      shutdownGracePeriod: '10s',
      shutdownGracePeriodByPodPriority: [{ priority: 0, shutdownGracePeriodSeconds: 1 }],
    },
    'Cannot specify both shutdownGracePeriodByPodPriority and shutdownGracePeriod at the same time',
  ],
  [
    { enforceNodeAllocatable: ['pods', 'pods'] },
    'duplicated enforcements "pods" in enforceNodeAllocatable (--enforce-node-allocatable)',
  ],
  [
    { enforceNodeAllocatable: ['kube-reserved'] },
    'kubeReservedCgroup (--kube-reserved-cgroup) must be specified when "kube-reserved" or "kube-reserved-compressible" included in enforceNodeAllocatable (--enforce-node-allocatable)',
  ],
  [
    { enforceNodeAllocatable: ['mine'] },
    'option "mine" specified for enforceNodeAllocatable (--enforce-node-allocatable). Valid options are "pods", "system-reserved", "system-reserved-compressible", "kube-reserved", "kube-reserved-compressible" or "none"',
  ],
  [
    { enforceNodeAllocatable: ['none', 'pods'] },
    'enforceNodeAllocatable (--enforce-node-allocatable) may not contain additional enforcements when "none" is specified',
  ],
  [{ runOnce: true }, 'runOnce (--runOnce) true, Runonce mode has been deprecated and should not be set'],
  [{ podLogsDir: '/var/../log' }, 'pod logs path "/var/../log" must be normalized'],
])('%o is refused: %s', (given, problem) => {
  expect(problems(given)).toEqual([`invalid configuration: ${problem}`])
})

test('feature gates that nobody knows or that are locked are refused, whatever else is wrong; others are taken', () => {
  const gates = { NoSuchGate: true, NodeSwap: false, GitRepoVolumeDriver: true, DynamicResourceAllocation: true }
  expect(problems({ featureGates: gates, maxPods: -1 })).toEqual([
    'cannot set feature gate GitRepoVolumeDriver to true, feature is locked to false',
    'unrecognized feature gate: NoSuchGate',
    'cannot set feature gate NodeSwap to false, feature is locked to true',
  ])
  expect(problems({ featureGates: { PodsAPI: true, AllBeta: false } })).toEqual([])
})

test('features that need others are not on without them', () => {
  expect(problems({ featureGates: { NodeDeclaredFeatures: false, PodLevelResources: false } })).toEqual([
    'ExtendWebSocketsToKubelet is enabled, but depends on features that are disabled: [NodeDeclaredFeatures]',
    'InPlacePodLevelResourcesVerticalScaling is enabled, but depends on features that are disabled: [PodLevelResources NodeDeclaredFeatures]',
    'InPlacePodVerticalScalingInitContainers is enabled, but depends on features that are disabled: [NodeDeclaredFeatures]',
    'RestartAllContainersOnContainerExits is enabled, but depends on features that are disabled: [NodeDeclaredFeatures]',
  ])
})

test.each([
  [
    { cpuCFSQuotaPeriod: '10ms' },
    ['CustomCPUCFSQuotaPeriod'],
    'cpuCFSQuotaPeriod (--cpu-cfs-quota-period) 10ms requires feature gate CustomCPUCFSQuotaPeriod',
  ],
  [
    { serverTLSBootstrap: true },
    ['RotateKubeletServerCertificate'],
    'serverTLSBootstrap true requires feature gate RotateKubeletServerCertificate',
  ],
  [
    { shutdownGracePeriod: '10s' },
    ['GracefulNodeShutdown', 'GracefulNodeShutdownBasedOnPodPriority', 'WindowsGracefulNodeShutdown'],
    'specifying shutdownGracePeriod or shutdownGracePeriodCriticalPods requires feature gate GracefulNodeShutdown',
  ],
  [
    { shutdownGracePeriodByPodPriority: [{ priority: 0, shutdownGracePeriodSeconds: 1 }] },
    ['GracefulNodeShutdownBasedOnPodPriority'],
    'Specifying shutdownGracePeriodByPodPriority requires feature gate GracefulNodeShutdownBasedOnPodPriority',
  ],
])('%o wants features that %s are', (given, gates, problem) => {
  expect(problems(given)).toEqual([])
  const featureGates = Object.fromEntries(gates.map((gate) => [gate, false]))
  expect(problems({ ...given, featureGates })).toEqual([`invalid configuration: ${problem}`])
})
