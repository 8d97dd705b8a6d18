import type { TokenBucketOptions } from '#client'

/** What clients of Kubernetes keep to who are told of a rate of 0. */
const usualPerSecond = 5

/** A rate of requests as a KubeletConfiguration has it. */
export function clientRate(perSecond: number, burst: number): TokenBucketOptions {
  return { perSecond: perSecond === 0 ? usualPerSecond : perSecond, burst }
}
