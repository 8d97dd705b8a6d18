import { familyWords } from './family.ts'
import type { IPFamily } from '#machinery'
import type { ServicePortRules } from '#proxy'
import type { NftSession } from './session.ts'

/** A client in an affinity map, and the endpoint it stays with. */
interface Client {
  readonly address: string
  readonly endpoint: string
  /** Seconds a client is remembered for, and what is left of them. */
  readonly timeout: number
  readonly expires: number
}

type ListedKey =
  | string
  | { readonly elem: { readonly val: string; readonly timeout?: number; readonly expires?: number } }

/** What `nft -j list map` prints of an affinity map. */
interface ListedMap {
  readonly nftables: readonly { readonly map?: { readonly elem?: readonly (readonly [ListedKey, string])[] } }[]
}

async function clientsOf(nft: NftSession, table: string, family: IPFamily, map: string): Promise<readonly Client[]> {
  const text = await nft.query(['-j', 'list', 'map', familyWords[family].ip, table, map])
  const listed: ListedMap = JSON.parse(text)
  return listed.nftables.flatMap(({ map: content }) =>
    (content?.elem ?? []).map(([key, endpoint]) => {
      const { val, timeout = 0, expires = 0 } = typeof key === 'string' ? { val: key } : key.elem
      return { address: val, endpoint, timeout, expires }
    }),
  )
}

/** Addresses a service port's clients may stay with, by target port. */
function endpointsOf(rules: ServicePortRules, port: number): ReadonlySet<string> {
  const endpoints = [...rules.endpoints, ...rules.localEndpoints]
  return new Set(endpoints.filter((each) => each.port === port).map((each) => each.address))
}

/**
 * Forgets clients that stay with an endpoint which the service port no longer has. A packet that was on its way may bring
 * such a choice back while this runs, so it looks again until there is none.
 *
 * @param maps affinity maps of the service port, each with the port of its endpoints.
 */
export async function forgetStaleClients(
  nft: NftSession,
  table: string,
  rules: ServicePortRules,
  maps: readonly (readonly [name: string, port: number])[],
): Promise<void> {
  const to = `${familyWords[rules.family].ip} ${table}`
  for (const [map, port] of maps) {
    const valid = endpointsOf(rules, port)
    for (let round = 0; round < 3; round++) {
      const gone = (await clientsOf(nft, table, rules.family, map)).filter((client) => !valid.has(client.endpoint))
      if (gone.length === 0) break
      // Adding an element that is there changes nothing; deleting one that has just expired would fail.
      const add = gone.map(({ address, endpoint }) => `${address} timeout 1s : ${endpoint}`)
      const remove = gone.map(({ address, endpoint }) => `${address} : ${endpoint}`)
      await nft.run(
        `add element ${to} ${map} { ${add.join(', ')} }\ndelete element ${to} ${map} { ${remove.join(', ')} }\n`,
      )
    }
  }
}

/** Commands that put the clients of a map, which is about to make way, into the new one of that name. */
export async function keepClients(
  nft: NftSession,
  table: string,
  rules: ServicePortRules,
  maps: readonly (readonly [name: string, port: number])[],
): Promise<string> {
  const to = `${familyWords[rules.family].ip} ${table}`
  const commands: string[] = []
  for (const [map, port] of maps) {
    const valid = endpointsOf(rules, port)
    const clients = (await clientsOf(nft, table, rules.family, map).catch(() => [])).filter(
      (client) => valid.has(client.endpoint) && client.expires > 0,
    )
    if (clients.length === 0) continue
    const elements = clients.map(
      ({ address, endpoint, timeout, expires }) => `${address} timeout ${timeout}s expires ${expires}s : ${endpoint}`,
    )
    commands.push(`add element ${to} ${map} { ${elements.join(', ')} }\n`)
  }
  return commands.join('')
}
