import type { SpanContext } from '#base'

/** Says of a span whether it is recorded. */
export type Sampler = (traceId: string, parent: SpanContext | undefined) => boolean

/**
 * What is a part of something is recorded if that is. What begins a trace is recorded in so many of a million cases,
 * which its identifier decides, so that all who see the same trace agree.
 */
export function sampler(perMillion: number): Sampler {
  const bound = BigInt(Math.round((perMillion / 1_000_000) * 2 ** 63))
  return (traceId, parent) => {
    if (parent) return parent.isSampled
    if (perMillion >= 1_000_000) return true
    return perMillion > 0 && BigInt(`0x${traceId.slice(16)}`) >> 1n < bound
  }
}
