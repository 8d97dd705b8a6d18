import { existsSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

/** An address of this machine that others may know; `undefined` when it has none but its own loopback. */
export function primaryAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const outward = all.filter(({ internal, scopeid }) => !internal && !scopeid)
  return (outward.find(({ family }) => family === 'IPv4') ?? outward[0])?.address
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
