import type { Frontend, ServicePortRules } from '../packet-filter.ts'

/** What a frontend occupies: one address (or the node's), protocol and port. */
export function frontendKey(rules: ServicePortRules, frontend: Frontend): string {
  return `${rules.family} ${frontend.address ?? 'node'} ${rules.protocol} ${frontend.port}`
}

/**
 * Who has a frontend. Cluster IPs and node ports are handed out once, but external and load-balancer addresses are what
 * users write, so several service ports may want the same one. Whoever came first has it, the next follows when it goes.
 */
export class FrontendClaims {
  readonly #owners = new Map<string, string>()
  /** Those that wait for a frontend, in order; few ever do. */
  readonly #waiting = new Map<string, string[]>()

  /** Whether the service port has the frontend now; if not, it waits. */
  claim(frontend: string, servicePort: string): boolean {
    const owner = this.#owners.get(frontend)
    if (owner === undefined) this.#owners.set(frontend, servicePort)
    if (owner === undefined || owner === servicePort) return true
    const waiting = this.#waiting.get(frontend)
    if (!waiting) this.#waiting.set(frontend, [servicePort])
    else if (!waiting.includes(servicePort)) waiting.push(servicePort)
    return false
  }

  /** Gives up a frontend or the wait for it. @returns the service port that has it from now on, if that changed. */
  release(frontend: string, servicePort: string): string | undefined {
    const waiting = this.#waiting.get(frontend)
    if (this.#owners.get(frontend) !== servicePort) {
      const rest = waiting?.filter((each) => each !== servicePort) ?? []
      if (rest.length > 0) this.#waiting.set(frontend, rest)
      else this.#waiting.delete(frontend)
      return undefined
    }
    const next = waiting?.shift()
    if (next === undefined) this.#owners.delete(frontend)
    else this.#owners.set(frontend, next)
    if (waiting?.length === 0) this.#waiting.delete(frontend)
    return next
  }
}
