import { createDns } from '#dns'
import { createDnsServer, createExchange, followResolvConf } from '#dns/server'
import { explainListen } from '../host/listening.ts'
import { connectRemote, runParts } from './remote.ts'
import type { RemoteSettings } from './remote.ts'

/** The cluster DNS by itself. */
export interface DnsSettings extends RemoteSettings {
  readonly domain: string
  /** Addresses to listen at. */
  readonly addresses: readonly string[]
  readonly port: number
  /** Servers for everything else; those of the resolver file when empty. */
  readonly upstreams: readonly string[]
  readonly resolverFile: string
  /** Seconds for which answers about the cluster may be kept. */
  readonly ttl: number
}

/** Runs the cluster DNS until the signal aborts. @throws UserError, Error */
export async function runDns(settings: DnsSettings, signal: AbortSignal): Promise<void> {
  const { domain, addresses, port, upstreams, ttl, resolverFile } = settings
  await using remote = await connectRemote('k8ts-dns', settings)
  const { clock, logger, informers } = remote
  const resolver = followResolvConf(resolverFile, addresses)
  const dns = createDns({
    informers,
    clock,
    logger,
    exchange: createExchange(),
    upstreams: () => (upstreams.length > 0 ? upstreams : resolver().nameservers),
    addresses,
    clusterDomain: domain,
    ttl,
  })
  const server = createDnsServer({ respond: dns.respond, addresses, port, logger })
  await runParts([[informers], [dns, server]], remote, signal).catch((cause: unknown) => {
    const { syscall, address: host } = cause as NodeJS.ErrnoException & { readonly address?: string }
    const isListening = (syscall === 'listen' || syscall === 'bind') && host !== undefined
    throw isListening ? explainListen(cause, { host, port }, { port: '--port', address: '--bind-address' }) : cause
  })
}
