import { performance } from 'node:perf_hooks'

/** Share of the time that a process may be busy, of the time between two looks, to count as one that has little to do. */
const mostBusy = 0.05

/**
 * Does something once when the process has had little to do for a while: what holds the event loop up then holds up least.
 *
 * @param everyMs milliseconds between two looks.
 * @param busy share of the time since the look before in which the event loop was busy, from 0 to 1.
 * @returns gives it up.
 */
export function inLull(work: () => void, everyMs: number, busy: () => number = busyShare()): () => void {
  const looks = setInterval(() => {
    if (busy() > mostBusy) return
    clearInterval(looks)
    work()
  }, everyMs)
  // Nobody waits for it.
  looks.unref()
  return () => clearInterval(looks)
}

function busyShare(): () => number {
  let before = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    return utilization
  }
}
