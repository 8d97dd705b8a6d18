import type { ApiRequest } from '#client'
import { canonicalIP, parseIP } from '#machinery'
import { headerValues } from '../authn/request/headers.ts'

/** Addresses that a request came by: those that proxies on its way say, then the one that it arrived from. */
export function sourceIPs(request: ApiRequest): readonly string[] {
  const [chain = ''] = headerValues(request, 'x-forwarded-for')
  const said = chain
    .split(',')
    .map(readIP)
    .filter((ip) => ip !== undefined)
  const real = readIP(request.headers['x-real-ip'])
  // A proxy that says both would say the client twice.
  const forwarded = real === undefined || said.includes(real) ? said : [...said, real]
  const remote = readIP(request.connection?.remoteAddress)
  return remote === undefined || forwarded.at(-1) === remote ? forwarded : [...forwarded, remote]
}

function readIP(text: string | undefined): string | undefined {
  const trimmed = (text ?? '').trim()
  return parseIP(trimmed) === undefined ? undefined : canonicalIP(trimmed)
}
