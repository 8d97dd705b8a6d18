/** Host and path of a location that logins are kept under, without scheme and version of the registry's API. */
export function locationKey(location: string): string {
  const bare = location.replace(/^https?:\/\//, '')
  const [host, path] = split(bare)
  const plain = path.replace(/^\/v[12]\//, '/')
  return plain === '/' ? host : host + plain
}

/** Whether a location covers a repository: equal port, host labels that match one by one, path that begins alike. */
export function locationCovers(location: string, repository: string): boolean {
  const [globHost, globPath] = split(location)
  const [host, path] = split(repository)
  const [globLabels, globPort] = labelsOf(globHost)
  const [labels, port] = labelsOf(host)
  if (globPort !== port || globLabels.length !== labels.length || !path.startsWith(globPath)) return false
  return globLabels.every((glob, index) => labelMatches(glob, labels[index] ?? ''))
}

function split(location: string): [host: string, path: string] {
  const slash = location.indexOf('/')
  return slash < 0 ? [location, ''] : [location.slice(0, slash), location.slice(slash)]
}

function labelsOf(host: string): [labels: string[], port: string] {
  const [, name = host, port = ''] = /^(.*?)(?::(\d+))?$/.exec(host) ?? []
  return [name.split('.'), port]
}

/** One label of a host by a glob of stars, question marks and classes; what is no glob matches nothing. */
function labelMatches(glob: string, label: string): boolean {
  if (!/[*?[]/.test(glob)) return glob === label
  let pattern = ''
  for (const [part, classOf] of glob.matchAll(/\[(\^?[^\]]+)\]|./gs)) {
    if (classOf !== undefined) pattern += `[${classOf.replace(/[[\\]/g, '\\$&')}]`
    else if (part === '*') pattern += '[^/]*'
    else if (part === '?') pattern += '[^/]'
    else if (part === '[') return false
    else pattern += part.replace(/[.+^${}()|\\\]]/g, '\\$&')
  }
  try {
    return new RegExp(`^${pattern}$`).test(label)
  } catch {
    return false
  }
}
