import { readFileSync, statSync } from 'node:fs'
import { canonicalIP } from '#machinery'

/** What the machine's resolver is told. */
export interface ResolvConf {
  readonly nameservers: readonly string[]
  readonly searchDomains: readonly string[]
}

export function parseResolvConf(text: string): ResolvConf {
  const nameservers: string[] = []
  let searchDomains: readonly string[] = []
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/)
    if (keyword === 'nameserver') {
      const address = canonicalIP((values[0] ?? '').replace(/%.*/, ''))
      if (address !== undefined) nameservers.push(address)
    }
    if (keyword === 'search' || keyword === 'domain') searchDomains = values.filter((domain) => domain !== '.')
  }
  return { nameservers, searchDomains }
}

/** Where systemd-resolved notes the servers that it asks itself; the usual file then names only a local address of its own. */
const behindResolved = '/run/systemd/resolve/resolv.conf'

/**
 * Reads the machine's resolver configuration, again whenever it has changed.
 *
 * @param path `/etc/resolv.conf`, or what stands for it.
 * @param exclude addresses of our own: asking ourselves would go round in circles.
 */
export function followResolvConf(path: string, exclude: readonly string[] = []): () => ResolvConf {
  let stamp = ''
  let known: ResolvConf = { nameservers: [], searchDomains: [] }
  return () => {
    try {
      const { mtimeMs, size, ino } = statSync(path)
      const now = `${mtimeMs} ${size} ${ino}`
      if (now === stamp) return known
      stamp = now
      known = read(path, exclude)
    } catch {
      // A file that is being replaced; what was known before is still good.
    }
    return known
  }
}

function read(path: string, exclude: readonly string[]): ResolvConf {
  const own = parseResolvConf(readFileSync(path, 'utf8'))
  if (own.nameservers.length === 1 && own.nameservers[0] === '127.0.0.53') {
    try {
      const behind = parseResolvConf(readFileSync(behindResolved, 'utf8'))
      if (behind.nameservers.length > 0) return { ...own, nameservers: without(behind.nameservers, exclude) }
    } catch {
      // Not there: the local address is what there is.
    }
  }
  return { ...own, nameservers: without(own.nameservers, exclude) }
}

function without(addresses: readonly string[], exclude: readonly string[]): readonly string[] {
  return addresses.filter((address) => !exclude.includes(address))
}
