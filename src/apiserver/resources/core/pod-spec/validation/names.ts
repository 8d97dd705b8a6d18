import type { HostAlias, PodSpec } from '#api/core/v1'
import {
  byteLength,
  fieldForbidden,
  invalidValue,
  isDNS1123Label,
  isDNS1123Subdomain,
  isDNS1123SubdomainWithUnderscore,
  isValidIPForLegacyField,
  required,
  tooLong,
} from '#machinery'
import type { FieldError, Path } from '#machinery'

const mostNameservers = 3
const mostSearches = 32
const longestSearchList = 2048
const longestHostname = 64

const label = (name: string, at: Path): FieldError[] =>
  isDNS1123Label(name).map((problem) => invalidValue(at, name, problem))

/** How a pod looks up names. */
export function validateDNS({ dnsPolicy, dnsConfig: config }: PodSpec, path: Path): FieldError[] {
  if (dnsPolicy === 'None') {
    if (!config) return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')]
    if ((config.nameservers ?? []).length === 0) {
      const why = 'must provide at least one DNS nameserver when `dnsPolicy` is None'
      return [required(path.child('nameservers'), why)]
    }
  }
  if (!config) return []
  const { nameservers = [], searches = [], options = [] } = config
  const errors: FieldError[] = []
  const servers = path.child('nameservers')
  if (nameservers.length > mostNameservers)
    errors.push(invalidValue(servers, nameservers, `must not have more than ${mostNameservers} nameservers`))
  for (const [index, server] of nameservers.entries())
    errors.push(...isValidIPForLegacyField(servers.index(index), server))
  const paths = path.child('searches')
  if (searches.length > mostSearches)
    errors.push(invalidValue(paths, searches, `must not have more than ${mostSearches} search paths`))
  if (byteLength(searches.join(' ')) > longestSearchList) {
    const why = `must not have more than ${longestSearchList} characters (including spaces) in the search list`
    errors.push(invalidValue(paths, searches, why))
  }
  for (const [index, search] of searches.entries()) {
    if (search === '.') continue
    const name = search.replace(/\.$/, '')
    for (const problem of isDNS1123SubdomainWithUnderscore(name))
      errors.push(invalidValue(paths.index(index), name, problem))
  }
  for (const [index, { name = '' }] of options.entries())
    if (name === '') errors.push(required(path.child('options').index(index), 'must not be empty'))
  return errors
}

/** What a pod is called by others than the API: `hostnameOverride`. */
export function validateHostnameOverride(spec: PodSpec, path: Path): FieldError[] {
  const { hostnameOverride: name } = spec
  if (name === undefined) return []
  const at = path.child('hostnameOverride')
  const errors: FieldError[] = []
  if (spec.setHostnameAsFQDN === true)
    errors.push(fieldForbidden(at, 'may not be specified when setHostnameAsFQDN is true'))
  if (spec.hostNetwork === true) errors.push(fieldForbidden(at, 'may not be specified when hostNetwork is true'))
  if (byteLength(name) > longestHostname) errors.push(tooLong(at, longestHostname))
  for (const problem of isDNS1123Subdomain(name)) errors.push(invalidValue(at, name, problem))
  return errors
}

export function validateHostname({ hostname = '', subdomain = '' }: PodSpec, path: Path): FieldError[] {
  return [
    ...(hostname === '' ? [] : label(hostname, path.child('hostname'))),
    ...(subdomain === '' ? [] : label(subdomain, path.child('subdomain'))),
  ]
}

export function validateHostAliases(aliases: readonly HostAlias[] = [], path: Path): FieldError[] {
  return aliases.flatMap(({ ip, hostnames = [] }, index) => {
    const at = path.index(index)
    return [
      ...isValidIPForLegacyField(at.child('ip'), ip),
      ...hostnames.flatMap((name, place) =>
        isDNS1123Subdomain(name).map((problem) => invalidValue(at.child('hostnames').index(place), name, problem)),
      ),
    ]
  })
}
