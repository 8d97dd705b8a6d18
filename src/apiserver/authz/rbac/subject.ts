import { keepable } from '#base'
import type { RoleRef } from '#api/rbac/v1'
import type { UserInfo } from '#client'
import { aggregate } from '#machinery'
import type { AllowedRules, AuthorizationAttributes, Decision } from '../authorizer.ts'
import { AnswersByRequest } from '../../request/answers.ts'
import { danglingReference, describeGrant } from './bindings.ts'
import type { Grant } from './bindings.ts'
import { allowsPath, coversResource } from './rule.ts'
import type { CompiledRule } from './rule.ts'
import type { RbacSource } from './source.ts'

/** What was found for a verb on a resource: for objects of some names, and for all others. */
interface Verdict {
  readonly byName: ReadonlyMap<string, Decision> | undefined
  readonly otherwise: Decision
}

/** Namespaces of which a user's bindings are kept; more of them start over, since clients may name any. */
const keptNamespaces = 4096

/** What one user may do, as of one version of the rules. Answers are kept, so that a question costs its search once. */
export class Subject {
  readonly version: number
  readonly #user: UserInfo
  readonly #source: RbacSource
  readonly #grants = new Map<string, readonly Grant[]>()
  readonly #known = new AnswersByRequest<Verdict, Decision>()

  constructor(user: UserInfo, source: RbacSource) {
    this.version = source.version
    this.#user = user
    this.#source = source
  }

  decide(attributes: AuthorizationAttributes): Decision {
    if (!attributes.isResource) return this.#decidePath(attributes.verb, attributes.path)
    let verdict = this.#known.ofResource(attributes)
    if (!verdict) {
      verdict = this.#findVerdict(attributes)
      this.#known.keepResource(attributes, verdict)
    }
    return verdict.byName?.get(attributes.name) ?? verdict.otherwise
  }

  #decidePath(verb: string, path: string): Decision {
    let decision = this.#known.ofPath(verb, path)
    if (!decision) {
      decision = this.#findPathDecision(verb, path)
      this.#known.keepPath(verb, path, decision)
    }
    return decision
  }

  #findVerdict({ verb, group, resource, subresource, namespace }: AuthorizationAttributes): Verdict {
    const dangling: RoleRef[] = []
    const byName = new Map<string, Decision>()
    for (const { grant, rules } of this.#visit(namespace, dangling)) {
      for (const rule of rules) {
        if (!coversResource(rule, verb, group, resource, subresource)) continue
        const decision = allowedBy(grant)
        if (!rule.names) return { byName: byName.size === 0 ? undefined : byName, otherwise: decision }
        for (const name of rule.names) if (!byName.has(name)) byName.set(name, decision)
      }
    }
    return { byName: byName.size === 0 ? undefined : byName, otherwise: notAllowed(dangling) }
  }

  #findPathDecision(verb: string, path: string): Decision {
    const dangling: RoleRef[] = []
    for (const { grant, rules } of this.#visit('', dangling)) {
      if (rules.some((rule) => allowsPath(rule, verb, path))) return allowedBy(grant)
    }
    return notAllowed(dangling)
  }

  /** Every rule that applies in a namespace (and in the cluster), and the references that lead nowhere. */
  rules(namespace: string): { readonly rules: readonly CompiledRule[]; readonly dangling: readonly RoleRef[] } {
    const dangling: RoleRef[] = []
    const rules = [...this.#visit(namespace, dangling)].flatMap((granted) => granted.rules)
    return { rules, dangling }
  }

  /** Grants with their rules: those of the cluster first, then those of the namespace. What can't be found is noted. */
  *#visit(namespace: string, dangling: RoleRef[]): Iterable<{ grant: Grant; rules: readonly CompiledRule[] }> {
    for (const place of namespace === '' ? [''] : ['', namespace]) {
      for (const grant of this.#grantsIn(place)) {
        const rules = this.#source.rules(grant.binding.roleRef, place)
        if (rules) yield { grant, rules }
        else dangling.push(grant.binding.roleRef)
      }
    }
  }

  #grantsIn(namespace: string): readonly Grant[] {
    let grants = this.#grants.get(namespace)
    if (!grants) {
      grants = this.#source.bindings(namespace).of(this.#user)
      const kept = keepable(namespace)
      if (kept === undefined) return grants
      if (this.#grants.size >= keptNamespaces) this.#grants.clear()
      this.#grants.set(kept, grants)
    }
    return grants
  }
}

function allowedBy(grant: Grant): Decision {
  return { verdict: 'allow', reason: `RBAC: allowed by ${describeGrant(grant)}` }
}

const noOpinion: Decision = { verdict: 'no opinion', reason: '' }

function notAllowed(dangling: readonly RoleRef[]): Decision {
  if (dangling.length === 0) return noOpinion
  return { verdict: 'no opinion', reason: `RBAC: ${aggregate(dangling.map(danglingReference))}` }
}

/** Rules in the form of a rules review. */
export function reviewedRules(rules: readonly CompiledRule[], dangling: readonly RoleRef[]): AllowedRules {
  const sources = rules.map((rule) => rule.source)
  return {
    resourceRules: sources
      .filter(({ resources = [] }) => resources.length > 0)
      .map(({ verbs, apiGroups = [], resources = [], resourceNames = [] }) => ({
        verbs,
        apiGroups,
        resources,
        resourceNames,
      })),
    nonResourceRules: sources
      .filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0)
      .map(({ verbs, nonResourceURLs = [] }) => ({ verbs, nonResourceURLs })),
    incomplete: false,
    ...(dangling.length === 0 ? {} : { error: aggregate(dangling.map(danglingReference)) }),
  }
}
