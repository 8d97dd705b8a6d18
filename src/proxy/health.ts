import type { HealthCheck } from './rules/health.ts'

/** Whether the node's rules are up to date, in the words of the proxy's `/healthz`. */
export interface ProxyHealth {
  /** RFC 3339. */
  readonly lastUpdated: string
  readonly currentTime: string
  /** The node is neither being deleted nor marked for it by an autoscaler. */
  readonly nodeEligible: boolean
  /** No change has waited for longer than a proxy that works needs. */
  readonly healthy: boolean
}

/** Answers load balancers on the health-check node ports of services. */
export interface HealthCheckServer {
  /**
   * Makes exactly these checks answered, on all of the node's addresses.
   *
   * @returns the checks that can't be, with the reason: mostly that the port is taken.
   */
  serve(
    checks: Iterable<HealthCheck>,
    healthy: () => boolean,
  ): Promise<readonly { readonly check: HealthCheck; readonly error: string }[]>
  close(): Promise<void>
}
