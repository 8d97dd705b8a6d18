import { isUnconditional, lookupOf } from '../model/lookup.ts'
import type { HostPattern, Listener, Rule, VirtualHost } from '../model/routing.ts'
import type { Backends } from './backends.ts'
import { conditionsOf } from './conditions.ts'
import type { AdjoinedFile, Line } from './configuration.ts'
import { defaultCertificateFile } from './configuration.ts'

export interface FrontendOptions {
  readonly backends: Backends
  readonly files: Map<string, AdjoinedFile>
  /** Addresses to listen at, as HAProxy writes them. */
  readonly addresses: readonly string[]
  /** Port that is listened at, which is not that of the model where a test can't have it. */
  readonly port: number
  /** Milliseconds for which a client may be silent in a request. */
  readonly clientTimeout: number
}

/** Everything of one listener: it finds host, path and rule by maps, and tries rules only where one has more to match. */
export function frontend(listener: Listener, options: FrontendOptions): Line[] {
  return new Frontend(listener, options).lines()
}

type MapName = 'host' | 'label' | 'suffix' | 'exact' | 'prefix'

/** What a map leads to is a backend, several of which chance chooses one, or rules to try one after the other. */
class Frontend {
  readonly #listener: Listener
  readonly #options: FrontendOptions
  readonly #id: string
  readonly #maps: { [name in MapName]: string } = { host: '', label: '', suffix: '', exact: '', prefix: '' }
  readonly #choices: Line[] = []
  readonly #lists: Line[] = []
  readonly #actions = new Map<Rule, string>()
  #anyHost: string | undefined
  #counter = 0

  constructor(listener: Listener, options: FrontendOptions) {
    this.#listener = listener
    this.#options = options
    this.#id = `p${listener.port}`
    const suffixes = listener.hosts.filter(({ host }) => host.type === 'suffix')
    const others = listener.hosts.filter(({ host }) => host.type !== 'suffix')
    // The first that fits counts there.
    suffixes.sort((a, b) => domainOf(b.host).length - domainOf(a.host).length)
    for (const host of [...others, ...suffixes]) this.#host(host)
  }

  lines(): Line[] {
    const { tls, port: ownPort } = this.#listener
    const { addresses, port, clientTimeout } = this.#options
    const scheme = tls ? 'https' : 'http'
    const security = tls ? ` ssl crt-list ${this.#certificates()} alpn h2,http/1.1` : ''
    const fixed = [
      `frontend ${this.#id}`,
      ...addresses.map((address) => `bind ${address}:${port}${address === '[::]' ? ' v6only' : ''}${security}`),
      `timeout client ${clientTimeout}ms`,
      // A path that means another one must not get past the rules for that.
      'http-request normalize-uri path-strip-dot',
      'http-request normalize-uri path-strip-dotdot full',
      'http-request disable-l7-retry unless { method GET HEAD OPTIONS TRACE PUT DELETE }',
      'http-request set-var(txn.host) req.hdr(host),host_only,lower,rtrim(.)',
      'http-request set-var(txn.path) path',
      'http-request set-header X-Request-ID %[uuid()] unless { req.fhdr(x-request-id) -m found }',
      'http-request set-header X-Forwarded-For %[src]',
      'http-request set-header X-Real-IP %[src]',
      'http-request set-header X-Forwarded-Host %[req.hdr(host)]',
      `http-request set-header X-Forwarded-Port ${ownPort}`,
      `http-request set-header X-Forwarded-Proto ${scheme}`,
      `http-request set-header X-Forwarded-Scheme ${scheme}`,
    ]
    return [
      ...fixed.map((text): Line => ({ text })),
      ...this.#search(),
      ...this.#lists,
      ...this.#choices,
      { text: 'use_backend %[var(txn.r)] if { var(txn.r) -m found }' },
      { text: 'default_backend none' },
    ]
  }

  /** From host and path to what the maps say. */
  #search(): Line[] {
    const file = (name: MapName): string => {
      const path = `${this.#id}-${name}.map`
      this.#options.files.set(path, { content: this.#maps[name] })
      return path
    }
    const texts: string[] = []
    const search = (variable: string, sample: string, map: MapName, how: string, unless = true): void => {
      if (this.#maps[map] === '') return
      const condition = unless ? ` unless { var(${variable}) -m found }` : ''
      texts.push(`http-request set-var(${variable}) ${sample},${how}(${file(map)})${condition}`)
    }
    search('txn.v', 'var(txn.host)', 'host', 'map_str', false)
    search('txn.v', 'var(txn.host),regsub(^[^.]*[.],)', 'label', 'map_str')
    search('txn.v', 'var(txn.host)', 'suffix', 'map_end')
    if (this.#anyHost !== undefined) {
      texts.push(`http-request set-var(txn.v) str(${this.#anyHost}) unless { var(txn.v) -m found }`)
    }
    search('txn.r', 'var(txn.v),concat(,txn.path)', 'exact', 'map_str', false)
    search('txn.r', 'var(txn.v),concat(,txn.path,/)', 'prefix', 'map_beg')
    return texts.map((text) => ({ text }))
  }

  #host(virtual: VirtualHost): void {
    const id = this.#next('v')
    const { host } = virtual
    if (host.type === 'any') this.#anyHost = id
    else if (host.type === 'exact') this.#maps.host += `${host.name} ${id}\n`
    else if (host.type === 'label') this.#maps.label += `${host.domain} ${id}\n`
    else this.#maps.suffix += `.${host.domain} ${id}\n`
    const { exact, prefixes } = lookupOf(virtual)
    for (const [path, rules] of exact) this.#maps.exact += `${id}${path} ${this.#rules(rules)}\n`
    for (const [path, rules] of prefixes) this.#maps.prefix += `${id}${path}/ ${this.#rules(rules)}\n`
  }

  #rules(rules: readonly Rule[]): string {
    const [first] = rules
    if (first && isUnconditional(first)) return this.#action(first)
    const list = this.#next('l')
    for (const rule of rules) {
      const conditions = [`{ var(txn.r) -m str ${list} }`, ...conditionsOf(rule.match)]
      this.#lists.push({ text: becomes(this.#action(rule), conditions), owner: rule.owner })
    }
    return list
  }

  #action(rule: Rule): string {
    const known = this.#actions.get(rule)
    if (known !== undefined) return known
    const name = this.#newAction(rule)
    this.#actions.set(rule, name)
    return name
  }

  #newAction({ action, owner }: Rule): string {
    const { backends } = this.#options
    if (action.type === 'answer') return backends.named(action, owner)
    if (action.type === 'redirect') {
      return backends.named({ ...action, tls: this.#listener.tls, ownPort: this.#listener.port }, owner)
    }
    const targets = action.targets.filter(({ weight }) => weight > 0)
    const names = targets.map(({ pool, protocol, tls, filters, limits }) =>
      backends.named({ ...(pool ? { pool } : {}), protocol, ...(tls ? { tls } : {}), filters, limits }, owner),
    )
    if (names.length <= 1) return names[0] ?? backends.named({ type: 'answer', status: 500 }, owner)
    const choice = this.#next('w')
    const chosen = `{ var(txn.r) -m str ${choice} }`
    const total = targets.reduce((sum, { weight }) => sum + weight, 0)
    this.#choices.push({ text: `http-request set-var(txn.pick) rand(${total}) if ${chosen}`, owner })
    let upTo = 0
    for (const [index, name] of names.entries()) {
      upTo += targets[index]?.weight ?? 0
      this.#choices.push({ text: becomes(name, [chosen, `{ var(txn.pick) -m int lt ${upTo} }`]), owner })
    }
    return choice
  }

  #certificates(): string {
    const { files } = this.#options
    const lines = this.#listener.certificates.map(({ names, certificate, key, owner }, index) => {
      const file = `${this.#id}-${index}.pem`
      files.set(file, { content: `${certificate.trimEnd()}\n${key.trimEnd()}\n`, owner })
      return [file, ...names].join(' ')
    })
    const list = `${this.#id}.crt-list`
    files.set(list, { content: `${[defaultCertificateFile, ...lines].join('\n')}\n` })
    return list
  }

  #next(kind: string): string {
    return `${kind}${this.#listener.port}x${this.#counter++}`
  }
}

const becomes = (value: string, conditions: readonly string[]): string =>
  `http-request set-var(txn.r) str(${value}) if ${conditions.join(' ')}`

const domainOf = (host: HostPattern): string => ('domain' in host ? host.domain : '')
