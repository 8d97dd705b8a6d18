import { sleep } from '#base'
import type { Clock } from '#base'
import { TokenBucket, type TokenBucketOptions } from '../queue/token-bucket.ts'
import type { Transport } from '../transport.ts'

/**
 * A transport that holds requests back to keep a rate, in the order in which they come. Watches go at once: they are few,
 * and what waits for them is out of date meanwhile.
 */
export function pacedTransport(transport: Transport, clock: Clock, rate: TokenBucketOptions): Transport {
  const bucket = new TokenBucket(clock, rate)
  return async (request) => {
    if (!isWatch(request.query)) {
      const wait = bucket.reserve()
      if (wait > 0) await sleep(clock, wait, request.signal)
    }
    return transport(request)
  }
}

const isWatch = (query: string): boolean => /(?:^|&)watch=(?:1|true)(?:&|$)/.test(query)
