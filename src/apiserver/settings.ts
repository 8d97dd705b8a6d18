/** What an API server's administrator may set. */
export interface ServerSettings {
  /** Milliseconds that a request may take, if it is none of the long-running. */
  readonly requestMs: number
  /** Seconds after which a watch ends that names no limit of its own, up to twice of it; so load spreads over servers. */
  readonly watchSeconds: number
  /** Milliseconds that events are kept after they were last written. */
  readonly eventMs: number
  /** Seconds that pods stay on a node in trouble that do not say themselves. */
  readonly tolerationSeconds: { readonly notReady: number; readonly unreachable: number }
  /** Types of nodes' addresses, in the order in which they are tried to reach kubelets. */
  readonly kubeletAddressTypes: readonly string[]
}

/** As upstream has it. */
export const defaultServerSettings: ServerSettings = {
  requestMs: 60_000,
  watchSeconds: 1800,
  eventMs: 3_600_000,
  tolerationSeconds: { notReady: 300, unreachable: 300 },
  kubeletAddressTypes: ['InternalIP', 'ExternalIP', 'Hostname', 'InternalDNS', 'ExternalDNS'],
}
