import { connect, isIP } from 'node:net'
import { ipFamilyOf } from '#machinery'
import type { IPFamily } from '#machinery'
import { primaryAddress, segmentAddresses } from '../host/addresses.ts'
import { UserError } from '../user-error.ts'

/** Milliseconds until a connection stands. */
const patience = 10_000

/**
 * Addresses of this machine by which the cluster may find it, one for each family of pods, in their order, as far as it has
 * them.
 *
 * @param given addresses that were asked for, separated by commas.
 * @throws UserError when there is none.
 */
export async function nodeAddresses(
  server: string,
  families: readonly IPFamily[],
  given?: string,
): Promise<readonly [string, ...string[]]> {
  if (given !== undefined) {
    const [first = '', ...others] = given.split(',').map((address) => address.trim())
    return [first, ...others]
  }
  const towards = await nodeAddress(server, families[0])
  const [first = towards, ...others] = families.flatMap(
    (family) => [towards, ...segmentAddresses()].find((address) => ipFamilyOf(address) === family) ?? [],
  )
  return [first, ...others]
}

/** The one from which it reaches the API server. @throws UserError when there is none. */
async function nodeAddress(server: string, family: IPFamily | undefined): Promise<string> {
  const { hostname, port } = new URL(server)
  const towards = await localAddress(hostname.replace(/^\[|\]$/g, ''), Number(port || 443))
  const isLoopback = towards === undefined || towards.startsWith('127.') || towards === '::1'
  const address = isLoopback ? primaryAddress(family) : towards
  if (address === undefined) {
    throw new UserError('this machine has no address that others could reach it by: name one with --node-ip')
  }
  return address
}

function localAddress(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const settle = (address?: string): void => {
      socket.destroy()
      const plain = address?.replace(/^::ffff:/, '')
      resolve(plain !== undefined && isIP(plain) !== 0 ? plain : undefined)
    }
    socket.setTimeout(patience, () => settle())
    socket.once('error', () => settle())
    socket.once('connect', () => settle(socket.localAddress))
  })
}
