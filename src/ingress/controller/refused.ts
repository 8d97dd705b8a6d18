import type { RoutingModel } from '../model/routing.ts'

/** A model without what some objects asked for: their rules and certificates, and their hosts' rules alone. */
export function withoutOwners({ listeners }: RoutingModel, owners: ReadonlySet<string>): RoutingModel {
  if (owners.size === 0) return { listeners }
  return {
    listeners: listeners.map((listener) => ({
      ...listener,
      certificates: listener.certificates.filter(({ owner }) => !owners.has(owner)),
      hosts: listener.hosts.map(({ host, rules }) => ({
        host,
        rules: rules.filter(({ owner }) => !owners.has(owner)),
      })),
    })),
  }
}

/** A model without some ports. */
export function withoutPorts({ listeners }: RoutingModel, ports: ReadonlySet<number>): RoutingModel {
  return { listeners: listeners.filter(({ port }) => !ports.has(port)) }
}
