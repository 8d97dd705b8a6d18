import type { ConfigMap, ServicePort } from '#api/core/v1'
import type { BackendTls, SubjectName } from '../model/routing.ts'
import { no, yes } from './conditions.ts'
import type { Verdict } from './conditions.ts'
import type { BackendTLSPolicy, Gateway, ParentRef } from './types.ts'
import { gatewayGroup } from './types.ts'

/** What policies want of connections to a port of a Service. */
export interface Decision {
  /** All that are about it. */
  readonly policies: readonly BackendTLSPolicy[]
  /** What holds; nobody may be asked when it has no `tls`, because what its policy names can't be had. */
  readonly holding?: { readonly tls?: BackendTls }
}

/** What became of a policy at each of our Gateways that has a route to what it is about. */
export interface PolicyOutcome {
  readonly policy: BackendTLSPolicy
  readonly ancestors: readonly { readonly ref: ParentRef; readonly verdicts: readonly Verdict[] }[]
}

interface Known {
  readonly tls?: BackendTls
  readonly verdicts: readonly Verdict[]
}

/** BackendTLSPolicies: which one holds for a port, and what is said of them. */
export class BackendPolicies {
  readonly #policies: readonly BackendTLSPolicy[]
  readonly #configMap: (key: string) => ConfigMap | undefined
  readonly #read = new Map<BackendTLSPolicy, Known>()
  readonly #ancestors = new Map<BackendTLSPolicy, Map<string, Gateway>>()
  /** Policies that gave way to an older one. */
  readonly #conflicted = new Set<BackendTLSPolicy>()

  constructor(policies: readonly BackendTLSPolicy[], configMap: (key: string) => ConfigMap | undefined) {
    this.#policies = [...policies].sort((a, b) => (ageOf(a) < ageOf(b) ? -1 : 1))
    this.#configMap = configMap
  }

  /** The policy for a port of a Service: one that names the port before one that does not, then the oldest. */
  decide(namespace: string, service: string, { name = '' }: ServicePort): Decision {
    const about = this.#policies.filter(({ metadata }) => metadata.namespace === namespace)
    const targeting = (section: string | undefined): BackendTLSPolicy[] =>
      about.filter(({ spec }) =>
        spec.targetRefs.some(
          ({ group, kind, name: target, sectionName }) =>
            group === '' && kind === 'Service' && target === service && sectionName === section,
        ),
      )
    const [own, all] = [name === '' ? [] : targeting(name), targeting(undefined)]
    for (const rival of [...own.slice(1), ...all.slice(1)]) this.#conflicted.add(rival)
    const holding = own[0] ?? all[0]
    return { policies: [...own, ...all], ...(holding ? { holding: this.#known(holding) } : {}) }
  }

  /** A Gateway has a route to what these policies are about. */
  used(policies: Iterable<BackendTLSPolicy>, gateway: Gateway): void {
    for (const policy of policies) {
      const gateways = this.#ancestors.get(policy) ?? new Map<string, Gateway>()
      gateways.set(`${gateway.metadata.namespace}/${gateway.metadata.name}`, gateway)
      this.#ancestors.set(policy, gateways)
    }
  }

  outcomes(): PolicyOutcome[] {
    return this.#policies.map((policy) => {
      const verdicts = this.#conflicted.has(policy)
        ? [no('Accepted', 'Conflicted', 'an older policy is about the same'), yes('ResolvedRefs')]
        : this.#known(policy).verdicts
      const gateways = [...(this.#ancestors.get(policy)?.values() ?? [])]
      return { policy, ancestors: gateways.map((gateway) => ({ ref: refTo(gateway), verdicts })) }
    })
  }

  #known(policy: BackendTLSPolicy): Known {
    let known = this.#read.get(policy)
    if (!known) this.#read.set(policy, (known = this.#readPolicy(policy)))
    return known
  }

  #readPolicy(policy: BackendTLSPolicy): Known {
    const { caCertificateRefs = [], hostname, subjectAltNames = [] } = policy.spec.validation
    const invalid = complaintAbout(policy)
    if (invalid !== undefined) return { verdicts: [no('Accepted', 'Invalid', invalid), yes('ResolvedRefs')] }
    const fine = [yes('Accepted'), yes('ResolvedRefs')]
    const named = { hostname, ...(subjectAltNames.length > 0 ? { names: subjectAltNames.map(subjectName) } : {}) }
    if (caCertificateRefs.length === 0) return { tls: { authority: 'system', ...named }, verdicts: fine }
    const certificates: string[] = []
    let problem: Verdict | undefined
    for (const { group, kind, name } of caCertificateRefs) {
      if (group !== '' || kind !== 'ConfigMap') {
        problem ??= no('ResolvedRefs', 'InvalidKind', `${kind} ${name} is no ConfigMap`)
        continue
      }
      const text = this.#configMap(`${policy.metadata.namespace}/${name}`)?.data?.['ca.crt'] ?? ''
      if (text.includes('-----BEGIN CERTIFICATE-----')) certificates.push(text.trimEnd())
      else problem ??= no('ResolvedRefs', 'InvalidCACertificateRef', `config map ${name} has no certificate in ca.crt`)
    }
    if (certificates.length === 0) {
      const refused = no('Accepted', 'NoValidCACertificate', 'no reference leads to a certificate')
      return { verdicts: [refused, problem ?? yes('ResolvedRefs')] }
    }
    const tls: BackendTls = { authority: { certificates: `${certificates.join('\n')}\n` }, ...named }
    return { tls, verdicts: [yes('Accepted'), problem ?? yes('ResolvedRefs')] }
  }
}

type AltName = NonNullable<BackendTLSPolicy['spec']['validation']['subjectAltNames']>[number]

const subjectName = ({ type, hostname = '', uri = '' }: AltName): SubjectName =>
  type === 'URI' ? { type: 'URI', value: uri } : { type: 'DNS', value: hostname.toLowerCase() }

/** Definitions of others may let more through, and the host name becomes a word of a configuration. */
function complaintAbout({ spec: { validation } }: BackendTLSPolicy): string | undefined {
  if (!/^[a-z0-9.-]+$/i.test(validation.hostname)) return 'hostname is no host name'
  const wrong = (validation.subjectAltNames ?? []).find(({ type, hostname = '', uri = '' }) =>
    type === 'URI' ? !/^[a-z][a-z0-9+.-]*:./i.test(uri) : !/^(\*\.)?[a-z0-9.-]+$/i.test(hostname),
  )
  return wrong && `${wrong.type} of subjectAltNames is none: ${JSON.stringify(wrong.uri ?? wrong.hostname ?? '')}`
}

const ageOf = ({ metadata }: BackendTLSPolicy): string =>
  `${metadata.creationTimestamp ?? ''} ${metadata.namespace}/${metadata.name}`

const refTo = ({ metadata }: Gateway): ParentRef => ({
  group: gatewayGroup,
  kind: 'Gateway',
  namespace: metadata.namespace ?? '',
  name: metadata.name ?? '',
})
