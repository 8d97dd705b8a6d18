import type { Secret, Service } from '#api/core/v1'
import type { Ingress, IngressBackend } from '#api/networking/v1'
import { keyOf } from '#machinery'
import { hostPattern } from '../model/hosts.ts'
import type { HostListener, ListenerSet } from '../model/collect.ts'
import type { Action, BackendProtocol, Certificate, Filter, PathMatch, Rule, Target } from '../model/routing.ts'
import { servicePort } from '../services/services.ts'
import { isExpression, isLine, readAnnotations } from './annotations.ts'
import type { Canary, IngressSettings } from './annotations.ts'
import { withCanary } from './canary.ts'
import { readCertificate } from '../services/certificates.ts'
import type { CheckCertificate } from '../services/certificates.ts'

/** Where objects that Ingresses name are found, by `namespace/name`. */
export interface Referents {
  readonly service: (key: string) => Service | undefined
  readonly secret: (key: string) => Secret | undefined
  readonly checkCertificate: CheckCertificate
}

/** Something about an object that its owner should know. */
export interface Problem<T> {
  readonly object: T
  readonly reason: string
  readonly message: string
}

/** One path of one Ingress. */
interface Entry {
  readonly ingress: Ingress
  readonly settings: IngressSettings
  readonly host: string
  readonly path: PathMatch
  readonly target: Target | undefined
  readonly rank: readonly (string | number)[]
}

const protocolsByName: { readonly [appProtocol: string]: BackendProtocol } = {
  'kubernetes.io/h2c': 'h2c',
  grpc: 'h2c',
  https: 'https',
}

/** The protocol that a Service's port says it speaks. */
export const protocolOf = (appProtocol: string | undefined): BackendProtocol =>
  protocolsByName[appProtocol ?? ''] ?? 'http'

/**
 * Adds the routes that Ingresses, all of them ours, ask for: on port 80, and with TLS on port 443.
 *
 * @returns what is wrong with them; it is left out.
 */
export function translateIngresses(
  ingresses: readonly Ingress[],
  referents: Referents,
  set: ListenerSet,
): readonly Problem<Ingress>[] {
  return new Translation(referents).translate(ingresses, set)
}

const plainPort = 80
const securePort = 443

class Translation {
  readonly #referents: Referents
  readonly #problems: Problem<Ingress>[] = []

  constructor(referents: Referents) {
    this.#referents = referents
  }

  translate(ingresses: readonly Ingress[], set: ListenerSet): readonly Problem<Ingress>[] {
    const entries = ingresses.flatMap((ingress) => this.#entries(ingress))
    const mains = entries.filter(({ settings }) => !settings.canary)
    const canaries = entries.filter(({ settings }) => settings.canary)
    if (mains.length === 0) return this.#problems
    const plain = set.listener(plainPort, false)
    const secure = set.listener(securePort, true)
    for (const ingress of ingresses)
      for (const certificate of this.#certificates(ingress)) secure.certificate(certificate)
    for (const entry of mains) this.#add(entry, this.#canaryOf(entry, canaries), plain, secure)
    return this.#problems
  }

  #canaryOf({ host, path, ingress }: Entry, canaries: readonly Entry[]): Entry | undefined {
    return canaries.find(
      (canary) =>
        canary.target !== undefined &&
        canary.ingress.metadata.namespace === ingress.metadata.namespace &&
        canary.host === host &&
        canary.path.type === path.type &&
        canary.path.value === path.value,
    )
  }

  #add(entry: Entry, canary: Entry | undefined, plain: HostListener, secure: HostListener): void {
    const { ingress, host, settings } = entry
    const rules = rulesOf(entry, canary)
    const pattern = hostPattern(host, 'label')
    const redirects =
      settings.secureRedirect === 'always' ||
      (settings.secureRedirect === 'certificate' && hasCertificate(ingress, host))
    const toSecure: Action = { type: 'redirect', status: 308, scheme: 'https', port: securePort }
    for (const [index, rule] of rules.entries()) {
      const rank = [...entry.rank, index]
      secure.add(pattern, { rule, rank })
      if (!redirects) plain.add(pattern, { rule, rank })
      else if (index === rules.length - 1) plain.add(pattern, { rule: { ...rule, action: toSecure }, rank })
    }
    // A service for what no rule wants has that of all hosts, but not before these have had their say.
    const [first] = rules
    if (entry.rank[0] === 2 && first) {
      for (const listener of [plain, secure]) listener.addEverywhere({ rule: first, rank: entry.rank })
    }
  }

  #entries(ingress: Ingress): Entry[] {
    const { settings, problems } = readAnnotations(ingress.metadata.annotations)
    for (const message of problems) this.#problem(ingress, 'InvalidAnnotation', message)
    const { defaultBackend, rules = [] } = ingress.spec
    const age = [ingress.metadata.creationTimestamp ?? '', keyOf(ingress)]
    const everything: PathMatch = { type: 'prefix', value: '/' }
    const entries = rules.flatMap(({ host = '', http }, rule) =>
      (http?.paths ?? []).flatMap(({ path, pathType, backend }, index): Entry[] => {
        const match = this.#path(ingress, path ?? '/', pathType, settings)
        if (!match) return []
        const target = this.#target(ingress, backend, settings)
        return [{ ingress, settings, host: host.toLowerCase(), path: match, target, rank: [0, ...age, rule, index] }]
      }),
    )
    if (!defaultBackend) return entries
    const target = this.#target(ingress, defaultBackend, settings)
    // An Ingress's own hosts come first to its default, then the rest of the world.
    const hosts = [...new Set(rules.map(({ host = '' }) => host.toLowerCase()))].filter((host) => host !== '')
    return [
      ...entries,
      ...hosts.map((host): Entry => ({ ingress, settings, host, path: everything, target, rank: [1, ...age] })),
      { ingress, settings, host: '', path: everything, target, rank: [hosts.length > 0 ? 1 : 2, ...age] },
    ]
  }

  #path(ingress: Ingress, path: string, pathType: string, { regex }: IngressSettings): PathMatch | undefined {
    if (!isLine(path)) return undefined
    if (pathType === 'Exact') return { type: 'exact', value: path }
    if (!regex) return { type: 'prefix', value: path === '' ? '/' : path }
    const value = path.startsWith('^') ? path : `^${path}`
    if (isExpression(value)) return { type: 'regex', value, ignoreCase: true }
    this.#problem(ingress, 'InvalidPath', `path ${path} is not a regular expression`)
    return undefined
  }

  #target(ingress: Ingress, { service }: IngressBackend, settings: IngressSettings): Target | undefined {
    const namespace = ingress.metadata.namespace ?? ''
    if (!service) {
      this.#problem(ingress, 'BackendNotSupported', 'backends other than services are not supported')
      return undefined
    }
    const key = `${namespace}/${service.name}`
    const found = this.#referents.service(key)
    if (!found) {
      this.#problem(ingress, 'ServiceNotFound', `service ${key} does not exist`)
      return undefined
    }
    if (found.spec.type === 'ExternalName') {
      this.#problem(ingress, 'BackendNotSupported', `service ${key} is an ExternalName, which has no endpoints`)
      return undefined
    }
    const port = servicePort(found, service.port ?? {})
    if (!port) {
      const wanted = service.port?.name ?? service.port?.number ?? ''
      this.#problem(ingress, 'ServicePortNotFound', `service ${key} has no TCP port ${wanted}`)
      return undefined
    }
    return {
      weight: 1,
      pool: { namespace, service: service.name, port: port.port },
      protocol: settings.protocol ?? protocolOf(port.appProtocol),
      filters: [],
      limits: settings.limits,
    }
  }

  #certificates(ingress: Ingress): Certificate[] {
    const { tls = [] } = ingress.spec
    return tls.flatMap(({ secretName, hosts = [] }) => {
      if (secretName === undefined || secretName === '') return []
      const key = `${ingress.metadata.namespace}/${secretName}`
      const read = readCertificate(this.#referents.secret(key), key, this.#referents.checkCertificate)
      if (typeof read !== 'string')
        return [{ ...read, owner: ownerOf(ingress), names: hosts.map((host) => host.toLowerCase()) }]
      this.#problem(ingress, 'CertificateNotUsable', read)
      return []
    })
  }

  #problem(object: Ingress, reason: string, message: string): void {
    this.#problems.push({ object, reason, message })
  }
}

const ownerOf = (ingress: Ingress): string => `Ingress ${keyOf(ingress)}`

function rulesOf({ ingress, settings, path, target }: Entry, canary: Entry | undefined): Rule[] {
  const rule = (action: Action): Rule => ({ owner: ownerOf(ingress), match: { path, conditions: [] }, action })
  if (settings.redirect) return [rule({ type: 'redirect', ...settings.redirect })]
  if (!target) return [rule({ type: 'answer', status: 503 })]
  const main = rule({ type: 'forward', targets: [{ ...target, filters: filtersOf(settings, path) }] })
  const canaryTarget = canary?.target
  const by: Canary | undefined = canary?.settings.canary
  if (!canary || !canaryTarget || !by) return [main]
  // As there, only the service is the canary's: all else is what the main Ingress says.
  return withCanary(main, by, { ...canaryTarget, filters: filtersOf(settings, path), limits: settings.limits })
}

function filtersOf({ rewriteTarget, upstreamHost }: IngressSettings, path: PathMatch): Filter[] {
  if (rewriteTarget === undefined && upstreamHost === undefined) return []
  const pattern = path.type === 'regex' ? path.value : '^.*$'
  return [
    {
      type: 'rewrite',
      ...(upstreamHost === undefined ? {} : { host: upstreamHost }),
      ...(rewriteTarget === undefined
        ? {}
        : { path: { type: 'regex', pattern, ignoreCase: path.ignoreCase ?? false, value: rewriteTarget } }),
    },
  ]
}

/** Whether an Ingress brings a certificate for a host. */
function hasCertificate({ spec: { tls = [] } }: Ingress, host: string): boolean {
  return tls.some(({ hosts = [] }) => hosts.some((name) => covers(name.toLowerCase(), host)))
}

const covers = (name: string, host: string): boolean =>
  name === host || (name.startsWith('*.') && host.includes('.') && name.slice(1) === host.slice(host.indexOf('.')))
