/** Addresses for Services of type LoadBalancer. */
export interface LoadBalancerSource {
  /** Blocks, ranges and addresses, of which each Service gets its own; Services share the nodes' when absent. */
  readonly pool?: readonly string[]
}

/**
 * Where addresses are from, by what was asked for.
 *
 * @param setting `auto`, `nodes`, `off`, or addresses, separated by commas.
 * @param usual what `auto` stands for.
 */
export function loadBalancerSource(setting: string, usual: LoadBalancerSource = {}): LoadBalancerSource | undefined {
  switch (setting) {
    case 'off':
      return undefined
    case 'auto':
      return usual
    case 'nodes':
      return {}
    default:
      return { pool: setting.split(',') }
  }
}
