import { existsSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { ipFamilyOf } from '#machinery'
import type { IPFamily } from '#machinery'

/**
 * An address of this machine that others may know, of that family where it has one; `undefined` when it has none but its own
 * loopback. Those of a segment come before others, which may be a Service's.
 */
export function primaryAddress(wanted: IPFamily = 'IPv4'): string | undefined {
  const all = [...segmentAddresses(), ...allAddresses()]
  return all.find((address) => ipFamilyOf(address) === wanted) ?? all[0]
}

/** Every address of this machine by which others may find it. */
export const allAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, scopeid }) => !internal && !scopeid)
    .map(({ address }) => address)

/** Those that stand for a segment: addresses alone (`/32`, `/128`) may be of Services, and elsewhere tomorrow. */
export const segmentAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, scopeid, cidr }) => !internal && !scopeid && !/\/(32|128)$/.test(cidr ?? ''))
    .map(({ address }) => address)

/** Whether this kernel speaks IPv6. */
export const ipv6Works = (): boolean => existsSync('/proc/net/if_inet6')
