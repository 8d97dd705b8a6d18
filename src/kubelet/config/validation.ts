import { errorBody, formatDuration, tracingErrors } from '#machinery'
import type { KubeletConfiguration } from './configuration.ts'
import { gateProblems, isOn } from './gates.ts'

/** What is wrong with a configuration that was read, each in the words of the kubelet's own check; nothing where it is fine. */
export function validateConfiguration(config: KubeletConfiguration): readonly string[] {
  // Nothing else is looked at where nobody knows what is meant.
  const wrong = gateProblems(config.featureGates)
  if (wrong.length > 0) return wrong
  const problems = [
    ...gated(config),
    ...amounts(config),
    ...images(config),
    ...shutdown(config),
    ...enforcement(config),
    ...choices(config),
    ...logs(config),
  ].map((problem) => `invalid configuration: ${problem}`)
  return [...problems, ...tracing(config)]
}

function tracing({ tracing: given = {} }: KubeletConfiguration): string[] {
  return tracingErrors(given, (name) => `tracing.${name}`).map((error) => `${error.field}: ${errorBody(error)}`)
}

const duration = (ms: number): string => formatDuration(BigInt(Math.round(ms * 1_000_000)))

/** A number that was given for a field that nobody reads. */
function unreadNumber({ unread }: KubeletConfiguration, field: string): number | undefined {
  const value = unread[field]
  return typeof value === 'number' ? value : undefined
}

function unreadText({ unread }: KubeletConfiguration, field: string): string {
  const value = unread[field]
  return typeof value === 'string' ? value : ''
}

/** Fields that want a feature which is off. */
function gated(config: KubeletConfiguration): string[] {
  const isOff = (gate: string): boolean => !isOn(config.featureGates, gate)
  const problems: string[] = []
  if (isOff('CustomCPUCFSQuotaPeriod') && config.cpuCFSQuotaPeriod !== 100) {
    const field = `cpuCFSQuotaPeriod (--cpu-cfs-quota-period) ${duration(config.cpuCFSQuotaPeriod)}`
    problems.push(`${field} requires feature gate CustomCPUCFSQuotaPeriod`)
  }
  if (isOff('RotateKubeletServerCertificate') && config.unread['serverTLSBootstrap'] === true)
    problems.push('serverTLSBootstrap true requires feature gate RotateKubeletServerCertificate')
  if (isOff('GracefulNodeShutdown') && (config.shutdownGracePeriod > 0 || config.shutdownGracePeriodCriticalPods > 0)) {
    const fields = 'shutdownGracePeriod or shutdownGracePeriodCriticalPods'
    problems.push(`specifying ${fields} requires feature gate GracefulNodeShutdown`)
  }
  if (isOff('GracefulNodeShutdownBasedOnPodPriority') && config.shutdownGracePeriodByPodPriority.length > 0) {
    const gate = 'feature gate GracefulNodeShutdownBasedOnPodPriority'
    problems.push(`Specifying shutdownGracePeriodByPodPriority requires ${gate}`)
  }
  return problems
}

/** Fields that may not be negative, with the flags that say the same. */
const natural = [
  ['eventBurst', 'event-burst'],
  ['eventRecordQPS', 'event-qps'],
  ['kubeAPIBurst', 'kube-api-burst'],
  ['kubeAPIQPS', 'kube-api-qps'],
  ['maxPods', 'max-pods'],
  ['podsPerCore', 'pods-per-core'],
  ['registryBurst', 'registry-burst'],
  ['registryPullQPS', 'registry-qps'],
] as const

function amounts(config: KubeletConfiguration): string[] {
  const problems: string[] = []
  const within = (text: string, value: number, least: number, most: number): void => {
    if (value < least || value > most) problems.push(`${text} ${value} must be between ${least} and ${most}, inclusive`)
  }
  if (config.nodeLeaseDurationSeconds <= 0) problems.push('nodeLeaseDurationSeconds must be greater than 0')
  if (config.systemCgroups !== '' && config.cgroupRoot === '') {
    const unsaid = 'cgroupRoot (--cgroup-root) was not specified'
    problems.push(`systemCgroups (--system-cgroups) was specified and ${unsaid}`)
  }
  for (const [field, flag] of natural)
    if (config[field] < 0) problems.push(`${field} (--${flag}) ${config[field]} must not be a negative number`)
  const files = unreadNumber(config, 'maxOpenFiles') ?? 0
  if (files < 0) problems.push(`maxOpenFiles (--max-open-files) ${files} must not be a negative number`)
  if (config.healthzPort !== 0) within('healthzPort (--healthz-port)', config.healthzPort, 1, 65_535)
  // 0 is a port of the system's choice here.
  if (config.port !== 0) within('port (--port)', config.port, 1, 65_535)
  within('oomScoreAdj (--oom-score-adj)', config.oomScoreAdj, -1000, 1000)
  within('iptablesDropBit (--iptables-drop-bit)', unreadNumber(config, 'iptablesDropBit') ?? 15, 0, 31)
  within(
    'iptablesMasqueradeBit (--iptables-masquerade-bit)',
    unreadNumber(config, 'iptablesMasqueradeBit') ?? 14,
    0,
    31,
  )
  if (config.cpuCFSQuotaPeriod < 1 || config.cpuCFSQuotaPeriod > 1000) {
    const given = duration(config.cpuCFSQuotaPeriod)
    problems.push(`cpuCFSQuotaPeriod (--cpu-cfs-quota-period) ${given} must be between 1ms and 1sec, inclusive`)
  }
  if (config.nodeStatusMaxImages < -1)
    problems.push(`nodeStatusMaxImages (--node-status-max-images) ${config.nodeStatusMaxImages} must be -1 or greater`)
  const factor = unreadNumber(config, 'memoryThrottlingFactor')
  if (factor !== undefined && (factor <= 0 || factor > 1))
    problems.push(`memoryThrottlingFactor ${factor} must be greater than 0 and less than or equal to 1.0`)
  return problems
}

function images({ serializeImagePulls, maxParallelImagePulls: pulls }: KubeletConfiguration): string[] {
  if (pulls < 1) return [`maxParallelImagePulls ${pulls} must be a positive number`]
  if (!serializeImagePulls || pulls <= 1) return []
  const unless = 'unless SerializeImagePulls (--serialize-image-pulls) is set to false'
  return [`maxParallelImagePulls cannot be larger than 1 ${unless}`]
}

function shutdown(config: KubeletConfiguration): string[] {
  const problems: string[] = []
  const { shutdownGracePeriod: whole, shutdownGracePeriodCriticalPods: critical } = config
  const isOff = (ms: number): boolean => ms < 0 || (ms > 0 && ms < 1000)
  const [wholeText, criticalText] = [
    `shutdownGracePeriod ${duration(whole)}`,
    `shutdownGracePeriodCriticalPods ${duration(critical)}`,
  ]
  if (critical > whole) problems.push(`${criticalText} must be <= ${wholeText}`)
  if (isOff(whole)) problems.push(`${wholeText} must be either zero or otherwise >= 1 sec`)
  if (isOff(critical)) problems.push(`${criticalText} must be either zero or otherwise >= 1 sec`)
  if (config.shutdownGracePeriodByPodPriority.length > 0 && (whole > 0 || critical > 0)) {
    const both = 'shutdownGracePeriodByPodPriority and shutdownGracePeriod'
    problems.push(`Cannot specify both ${both} at the same time`)
  }
  return problems
}

const enforceable = [
  'pods',
  'system-reserved',
  'system-reserved-compressible',
  'kube-reserved',
  'kube-reserved-compressible',
  'none',
]
const quoted = enforceable.map((each) => JSON.stringify(each))

function enforcement(config: KubeletConfiguration): string[] {
  const where = 'enforceNodeAllocatable (--enforce-node-allocatable)'
  const asked = config.enforceNodeAllocatable
  const problems: string[] = []
  for (const part of ['system-reserved', 'kube-reserved']) {
    if (!asked.includes(part) || !asked.includes(`${part}-compressible`)) continue
    problems.push(`both "${part}" and "${part}-compressible" cannot be specified together in ${where}`)
  }
  asked.forEach((each, index) => {
    if (asked.indexOf(each) < index) problems.push(`duplicated enforcements ${JSON.stringify(each)} in ${where}`)
    else if (each === 'none' && asked.length > 1) {
      problems.push(`${where} may not contain additional enforcements when "none" is specified`)
    } else if (!enforceable.includes(each)) {
      const valid = `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
      problems.push(`option ${JSON.stringify(each)} specified for ${where}. Valid options are ${valid}`)
    }
    if (asked.indexOf(each) === index) problems.push(...cgroupNeeded(config, each, where))
  })
  return problems
}

/** Reservations are enforced on a cgroup that somebody names. */
function cgroupNeeded(config: KubeletConfiguration, each: string, where: string): string[] {
  const part = each.replace(/-compressible$/, '')
  const field = part === 'system-reserved' ? 'systemReservedCgroup' : 'kubeReservedCgroup'
  if (!/^(?:system|kube)-reserved$/.test(part) || unreadText(config, field) !== '') return []
  const included = `when "${part}" or "${part}-compressible" included in ${where}`
  return [`${field} (--${part}-cgroup) must be specified ${included}`]
}

function choices(config: KubeletConfiguration): string[] {
  const problems: string[] = []
  const hairpin = unreadText(config, 'hairpinMode')
  const modes = ['promiscuous-bridge', 'hairpin-veth', 'none']
  if (hairpin !== '' && !modes.includes(hairpin)) {
    const valid = '"none", "hairpin-veth" or "promiscuous-bridge"'
    problems.push(
      `option ${JSON.stringify(hairpin)} specified for hairpinMode (--hairpin-mode). Valid options are ${valid}`,
    )
  }
  if (config.unread['runOnce'] === true)
    problems.push('runOnce (--runOnce) true, Runonce mode has been deprecated and should not be set')
  const ownCgroups = ['systemReservedCgroup', 'kubeReservedCgroup'].some((field) => unreadText(config, field) !== '')
  if (config.reservedSystemCPUs !== '' && ownCgroups) {
    const cgroups = 'systemReservedCgroup (--system-reserved-cgroup) or kubeReservedCgroup (--kube-reserved-cgroup)'
    problems.push(`can't use reservedSystemCPUs (--reserved-cpus) with ${cgroups}`)
  }
  if (
    config.preloadedImagesVerificationAllowlist.length > 0 &&
    config.imagePullCredentialsVerificationPolicy !== 'NeverVerifyAllowlistedImages'
  ) {
    const unless = '`imagePullCredentialsVertificationPolicy` is not "NeverVerifyAllowlistedImages"'
    problems.push(`can't set \`preloadedImagesVerificationAllowlist\` if ${unless}`)
  }
  for (const { timeAdded } of config.registerWithTaints)
    if (timeAdded !== undefined) problems.push('taint.TimeAdded is not nil')
  return problems
}

function logs(config: KubeletConfiguration): string[] {
  const problems: string[] = []
  const { podLogsDir: folder } = config
  if ((unreadNumber(config, 'containerLogMaxWorkers') ?? 1) < 1)
    problems.push('containerLogMaxWorkers must be greater than or equal to 1')
  const name = `pod logs path ${JSON.stringify(folder)}`
  if (!folder.startsWith('/')) problems.push(`${name} must be absolute path`)
  if (!isClean(folder)) problems.push(`${name} must be normalized`)
  if (/[^\0-\x7F]/.test(folder)) problems.push(`${name} mut contains ASCII characters only`)
  return problems
}

const isClean = (path: string): boolean =>
  path === '/' ||
  path
    .split('/')
    .slice(path.startsWith('/') ? 1 : 0)
    .every((part) => part !== '' && part !== '.' && part !== '..')
