import { amountOf, durationMillis, formatDuration, Quantity } from '#machinery'
import type { ResourceList } from '#machinery'
import { isKnownSignal } from '../eviction/thresholds.ts'
import type { KubeletConfiguration } from './configuration.ts'
import type { Reader } from './reader.ts'

const minute = 60_000

/**
 * What keeps the node from running full: evictions, and what is collected of images, volumes and logs.
 *
 * @throws TypeError when a limit is none, or does not go with another.
 */
export function guarding(
  root: Reader,
): Pick<
  KubeletConfiguration,
  | 'imageMinimumGCAge'
  | 'imageMaximumGCAge'
  | 'imageGCHighThresholdPercent'
  | 'imageGCLowThresholdPercent'
  | 'volumeStatsAggPeriod'
  | 'containerLogMaxSize'
  | 'containerLogMaxFiles'
  | 'containerLogMonitorInterval'
  | 'evictionHard'
  | 'evictionSoft'
  | 'evictionSoftGracePeriod'
  | 'evictionPressureTransitionPeriod'
  | 'evictionMaxPodGracePeriod'
  | 'evictionMinimumReclaim'
  | 'localStorageCapacityIsolation'
  | 'kernelMemcgNotification'
> {
  return {
    ...images(root),
    volumeStatsAggPeriod: root.millis('volumeStatsAggPeriod', minute),
    ...logs(root),
    ...evictions(root),
    evictionPressureTransitionPeriod: root.millis('evictionPressureTransitionPeriod', 5 * minute),
    evictionMaxPodGracePeriod: root.number('evictionMaxPodGracePeriod', 0),
    kernelMemcgNotification: root.flag('kernelMemcgNotification', false),
    localStorageCapacityIsolation: root.flag('localStorageCapacityIsolation', true),
  }
}

const text = (ms: number): string => formatDuration(BigInt(Math.round(ms * 1e6)))
const invalid = (what: string): TypeError => new TypeError(`invalid configuration: ${what}`)

function images(root: Reader): {
  readonly imageMinimumGCAge: number
  readonly imageMaximumGCAge: number
  readonly imageGCHighThresholdPercent: number
  readonly imageGCLowThresholdPercent: number
} {
  const least = root.millis('imageMinimumGCAge', 2 * minute)
  const most = root.millis('imageMaximumGCAge', 0)
  const high = root.number('imageGCHighThresholdPercent', 85)
  const low = root.number('imageGCLowThresholdPercent', 80)
  const highName = `imageGCHighThresholdPercent (--image-gc-high-threshold) ${high}`
  const lowName = `imageGCLowThresholdPercent (--image-gc-low-threshold) ${low}`
  if (high < 0 || high > 100) throw invalid(`${highName} must be between 0 and 100, inclusive`)
  if (low < 0 || low > 100) throw invalid(`${lowName} must be between 0 and 100, inclusive`)
  if (low >= high) throw invalid(`${lowName} must be less than ${highName}`)
  if (least < 0) throw invalid(`imageMinimumGCAge ${text(least)} must not be negative`)
  if (most < 0) throw invalid(`imageMaximumGCAge ${text(most)} must not be negative`)
  if (most > 0 && most <= least) {
    const ages = `imageMaximumGCAge ${text(most)} must be greater than imageMinimumGCAge`
    throw invalid(`${ages} ${text(least)}`)
  }
  return {
    imageMinimumGCAge: least,
    imageMaximumGCAge: most,
    imageGCHighThresholdPercent: high,
    imageGCLowThresholdPercent: low,
  }
}

function logs(root: Reader): {
  readonly containerLogMaxSize: number
  readonly containerLogMaxFiles: number
  readonly containerLogMonitorInterval: number
} {
  const containerLogMaxFiles = root.number('containerLogMaxFiles', 5)
  const containerLogMonitorInterval = root.millis('containerLogMonitorInterval', 10_000)
  if (containerLogMonitorInterval < 3000) {
    throw invalid('containerLogMonitorInterval must be a positive time duration greater than or equal to 3s')
  }
  if (containerLogMaxFiles <= 1) throw invalid('containerLogMaxFiles must be greater than 1')
  const containerLogMaxSize = Quantity.parse(root.text('containerLogMaxSize', '10Mi')).value()
  return { containerLogMaxSize, containerLogMaxFiles, containerLogMonitorInterval }
}

const hardDefaults: ResourceList = {
  'memory.available': '100Mi',
  'nodefs.available': '10%',
  'nodefs.inodesFree': '5%',
  'imagefs.available': '15%',
  'imagefs.inodesFree': '5%',
}

function evictions(
  root: Reader,
): Pick<KubeletConfiguration, 'evictionHard' | 'evictionSoft' | 'evictionSoftGracePeriod' | 'evictionMinimumReclaim'> {
  const given = root.map('evictionHard')
  const merges = root.flag('mergeDefaultEvictionSettings', false)
  const evictionHard = root.has('evictionHard') ? (merges ? { ...hardDefaults, ...given } : given) : hardDefaults
  const evictionSoft = root.map('evictionSoft')
  const evictionSoftGracePeriod = gracePeriods(root.map('evictionSoftGracePeriod'))
  const evictionMinimumReclaim = root.map('evictionMinimumReclaim')
  for (const [signal, value] of Object.entries(evictionHard)) checkThreshold(signal, value)
  for (const [signal, value] of Object.entries(evictionSoft)) {
    checkThreshold(signal, value)
    if (evictionSoftGracePeriod[signal] === undefined && !isOff(value)) {
      throw new TypeError(`grace period must be specified for the soft eviction threshold ${signal}`)
    }
  }
  for (const [signal, value] of Object.entries(evictionMinimumReclaim)) checkReclaim(signal, value)
  return { evictionHard, evictionSoft, evictionSoftGracePeriod, evictionMinimumReclaim }
}

const isOff = (value: string): boolean => value === '0%' || value === '100%'

function checkSignal(signal: string): void {
  if (!isKnownSignal(signal)) throw new TypeError(`unsupported eviction signal ${signal}`)
}

function percentOf(value: string): number {
  const percent = Number(value.slice(0, -1))
  if (value === '%' || Number.isNaN(percent)) throw new TypeError(`read configuration: ${value} is no percentage`)
  return percent
}

function checkThreshold(signal: string, value: string): void {
  checkSignal(signal)
  if (isOff(value)) return
  if (value.endsWith('%')) {
    const percent = percentOf(value)
    if (percent < 0) throw new TypeError(`eviction percentage threshold ${signal} must be >= 0%: ${value}`)
    if (percent > 100) throw new TypeError(`eviction percentage threshold ${signal} must be <= 100%: ${value}`)
    return
  }
  const amount = amountOf(value)
  if (amount.sign() <= 0) throw new TypeError(`eviction threshold ${signal} must be positive: ${amount.toString()}`)
}

function checkReclaim(signal: string, value: string): void {
  checkSignal(signal)
  if (value.endsWith('%')) {
    if (percentOf(value) > 0) return
    throw new TypeError(`eviction percentage minimum reclaim ${signal} must be positive: ${value}`)
  }
  if (amountOf(value).sign() < 0) throw new TypeError(`negative eviction minimum reclaim specified for ${signal}`)
}

function gracePeriods(given: { readonly [signal: string]: string }): { readonly [signal: string]: number } {
  const periods = Object.entries(given).map(([signal, value]): [string, number] => {
    checkSignal(signal)
    const ms = durationMillis(value)
    if (ms >= 0) return [signal, ms]
    throw new TypeError(`invalid eviction grace period specified: ${value}, must be a positive value`)
  })
  return Object.fromEntries(periods)
}
