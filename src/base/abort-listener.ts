/**
 * Listeners by signal. One signal ends many things: all controllers of a manager, all requests that they have under way.
 * Platforms keep listeners in a list, where taking one away costs a walk, and warn of leaks from the eleventh on; a set does
 * neither, and is one listener to them.
 */
const listeners = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls back once when the signal aborts; never, when it has already. */
export function addAbortListener(signal: AbortSignal | undefined, listener: () => void): void {
  if (!signal || signal.aborted) return
  const known = listeners.get(signal)
  if (known) {
    known.add(listener)
    return
  }
  const own = new Set([listener])
  listeners.set(signal, own)
  signal.addEventListener('abort', () => callAll(own), { once: true })
}

export function removeAbortListener(signal: AbortSignal | undefined, listener: () => void): void {
  if (signal) listeners.get(signal)?.delete(listener)
}

/** One that throws keeps nobody else from hearing. @throws what the first threw. */
function callAll(own: Set<() => void>): void {
  const failures: unknown[] = []
  for (const listener of own) {
    own.delete(listener)
    try {
      listener()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}
