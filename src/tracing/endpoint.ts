/** Where collectors listen by OTLP. */
export const defaultEndpoint = 'localhost:4317'

/** Port of a name that says none, as gRPC's resolver of names has it. */
const namedPort = '443'

/**
 * An address by gRPC's naming (`host:port`, `dns://authority/host:port`, `unix:///path`, `unix-abstract:name`), as the gRPC
 * room has it. Names are asked of the machine's own resolver, whatever the authority.
 */
export function channelEndpoint(endpoint: string): string {
  const [, scheme, rest = ''] = /^(unix-abstract|unix|dns):(.*)$/.exec(endpoint) ?? []
  switch (scheme) {
    case 'unix':
      return `unix://${rest.replace(/^\/\//, '')}`
    case 'unix-abstract':
      return `unix-abstract:${rest.replace(/^\/\//, '')}`
    case 'dns':
      return tcp(rest.replace(/^\/\/[^/]*\//, ''))
    default:
      return tcp(endpoint)
  }
}

function tcp(address: string): string {
  return `tcp://${/:\d+$/.test(address) ? address : `${address}:${namedPort}`}`
}
