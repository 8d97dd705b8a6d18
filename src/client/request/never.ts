/**
 * The signal of requests that nobody will end. It is shared by all of them, so it forgets its listeners: whoever listens
 * and does not clean up would otherwise be kept for as long as the process lives.
 */
export const neverAborts: AbortSignal = Object.defineProperties(new AbortController().signal, {
  addEventListener: { value: () => {} },
  removeEventListener: { value: () => {} },
})
