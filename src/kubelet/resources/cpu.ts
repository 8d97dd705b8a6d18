/** The kernel's scale: a CPU has 1024 shares, and shares go from 2 to 262144. */
const sharesPerCpu = 1024
export const minShares = 2
const maxShares = 262_144
/** Microseconds that the kernel accepts at least as quota. */
const minQuota = 1000

/** Shares that stand for so many thousandths of a CPU. */
export function milliCpuToShares(milli: number): number {
  if (milli === 0) return minShares
  return Math.min(maxShares, Math.max(minShares, Math.floor((milli * sharesPerCpu) / 1000)))
}

/** Microseconds per period that stand for so many thousandths of a CPU; 0 where there is no limit. */
export function milliCpuToQuota(milli: number, periodMicros: number): number {
  if (milli === 0) return 0
  return Math.max(minQuota, Math.floor((milli * periodMicros) / 1000))
}

export function sharesToMilliCpu(shares: number): number {
  return shares < minShares ? 0 : Math.ceil((shares * 1000) / sharesPerCpu)
}

export function quotaToMilliCpu(quota: number, period: number): number {
  return quota === -1 ? 0 : Math.floor((quota * 1000) / period)
}

/** The weight (1 to 10000) of cgroups v2 that stands for v1 shares, by the curve that runtimes use. */
export function sharesToWeight(shares: number): number {
  if (shares <= minShares) return 1
  return Math.floor(1 + ((Math.min(shares, maxShares) - 2) * 9999) / 262_142)
}
