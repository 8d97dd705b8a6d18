import { gathered, HistogramFamily, NumberFamily, usualBounds } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { FamilySource } from './source.ts'

const addresses = 'kube_apiserver_clusterip_allocator_'
const ports = 'kube_apiserver_nodeport_allocator_'

/** Asked for by number, or any. */
export type AllocationScope = 'static' | 'dynamic'

/** Addresses and node ports that services get. */
export class AllocationMetrics implements FamilySource {
  readonly #addresses = new NumberFamily('counter', `${addresses}allocation_total`, 'Addresses that were given out.', [
    'cidr',
    'scope',
  ])
  readonly #addressErrors = new NumberFamily(
    'counter',
    `${addresses}allocation_errors_total`,
    'Addresses that could not be given out.',
    ['cidr', 'scope'],
  )
  readonly #addressTimes = new HistogramFamily(
    `${addresses}allocation_duration_seconds`,
    'How long it took to give out an address, in seconds.',
    usualBounds,
    ['cidr'],
  )
  readonly #ports = new NumberFamily('counter', `${ports}allocation_total`, 'Node ports that were given out.', [
    'scope',
  ])
  readonly #portErrors = new NumberFamily(
    'counter',
    `${ports}allocation_errors_total`,
    'Node ports that could not be given out.',
    ['scope'],
  )

  address(cidr: string, scope: AllocationScope, milliseconds: number): void {
    this.#addresses.add(1, cidr, scope)
    this.#addressTimes.observe(milliseconds / 1000, cidr)
  }

  addressFailed(cidr: string, scope: AllocationScope): void {
    this.#addressErrors.add(1, cidr, scope)
  }

  port(scope: AllocationScope): void {
    this.#ports.add(1, scope)
  }

  portFailed(scope: AllocationScope): void {
    this.#portErrors.add(1, scope)
  }

  families(): readonly MetricFamily[] {
    return [this.#addresses, this.#addressErrors, this.#addressTimes, this.#ports, this.#portErrors]
  }
}

/** What is taken of something, and what is left. */
export interface Usage {
  readonly taken: number
  readonly free: number
}

/** How much of its blocks of addresses and of its ports a cluster has given out. */
export function usageFamilies(
  blocks: () => ReadonlyMap<string, Usage>,
  nodePorts: () => Usage | undefined,
): readonly MetricFamily[] {
  const ofBlocks = (name: string, help: string, of: (usage: Usage) => number): MetricFamily =>
    gathered('gauge', `${addresses}${name}`, help, () =>
      [...blocks()].map(([cidr, usage]) => ({ labels: { cidr }, value: of(usage) })),
    )
  const ofPorts = (name: string, help: string, of: (usage: Usage) => number): MetricFamily =>
    gathered('gauge', `${ports}${name}`, help, () => {
      const usage = nodePorts()
      return usage ? [{ labels: {}, value: of(usage) }] : []
    })
  return [
    ofBlocks('allocated_ips', 'Addresses of a block that services have.', ({ taken }) => taken),
    ofBlocks('available_ips', 'Addresses of a block that are free.', ({ free }) => free),
    ofPorts('allocated_ports', 'Node ports that services have.', ({ taken }) => taken),
    ofPorts('available_ports', 'Node ports that are free.', ({ free }) => free),
  ]
}
