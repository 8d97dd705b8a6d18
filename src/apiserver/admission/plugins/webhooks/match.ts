import type { MutatingWebhook, RuleWithOperations, ValidatingWebhook } from '#api/admissionregistration/v1'
import type { Namespace } from '#api/core/v1'
import { notFound, selectorOf } from '#machinery'
import type { KubeObject, Labels } from '#machinery'
import type { Endpoint } from '../../../resource/resource.ts'
import type { Services } from '../../../services.ts'
import type { AdmissionAttributes } from '../../admission.ts'

const exempt: ReadonlySet<string> = new Set([
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
])

/** Whether webhooks are not asked at all: none may lock out who wants to get rid of it. */
export function isExempt({ kind }: AdmissionAttributes): boolean {
  return kind.group === 'admissionregistration.k8s.io' && exempt.has(kind.kind)
}

/**
 * The endpoint in whose version a webhook wants to see the operation; `undefined` when it does not.
 * @throws StatusError NotFound when the namespace is not there
 */
export function endpointFor(
  { rules = [], namespaceSelector, objectSelector, matchPolicy }: ValidatingWebhook | MutatingWebhook,
  attributes: AdmissionAttributes,
  services: Services,
): Endpoint | undefined {
  const endpoint = endpointByRules(rules, matchPolicy === 'Equivalent', attributes, services)
  if (!endpoint) return undefined
  if (objectSelector && !matchesObject(objectSelector, attributes)) return undefined
  if (namespaceSelector && !matchesNamespace(namespaceSelector, attributes, services)) return undefined
  return endpoint
}

/** The endpoint in whose version a rule wants the operation. */
export function endpointByRules(
  rules: readonly RuleWithOperations[],
  equivalent: boolean,
  attributes: AdmissionAttributes,
  { resources }: Services,
): Endpoint | undefined {
  const { endpoint } = attributes
  if (rules.some((rule) => matches(rule, attributes, endpoint))) return endpoint
  if (!equivalent) return undefined
  const others = resources
    .versionsOf(endpoint.group, endpoint.plural)
    .filter(
      (other) =>
        other !== endpoint &&
        other.subresources.has(attributes.subresource) === endpoint.subresources.has(attributes.subresource),
    )
  for (const rule of rules) {
    const found = others.find((other) => matches(rule, attributes, other))
    if (found) return found
  }
  return undefined
}

/** Whether a rule is about an operation, seen as one on the given endpoint. */
export function matches(
  rule: RuleWithOperations,
  attributes: AdmissionAttributes,
  { group, version, plural }: Endpoint,
): boolean {
  const { scope = '*', operations = [], apiGroups = [], apiVersions = [], resources = [] } = rule
  const { operation, subresource, namespace } = attributes
  const clusterScoped = namespace === '' || (group === '' && plural === 'namespaces')
  if (scope !== '*' && (scope === 'Cluster') !== clusterScoped) return false
  return (
    has(operations, operation) &&
    has(apiGroups, group) &&
    has(apiVersions, version) &&
    resources.some((text) => {
      const slash = text.indexOf('/')
      const resource = slash < 0 ? text : text.slice(0, slash)
      const sub = slash < 0 ? '' : text.slice(slash + 1)
      return (resource === '*' || resource === plural) && (sub === '*' || sub === subresource)
    })
  )
}

const has = (items: readonly string[], wanted: string): boolean => items.includes('*') || items.includes(wanted)

type LabelSelector = NonNullable<ValidatingWebhook['objectSelector']>

/** Whether the object, or the one before, has the labels. */
export function matchesObject(selector: LabelSelector, { object, oldObject }: AdmissionAttributes): boolean {
  const compiled = selectorOf(selector)
  if (compiled.isEmpty()) return true
  return [object as KubeObject | undefined, oldObject].some(
    (each) => each && compiled.matches(each.metadata?.labels ?? {}),
  )
}

/** Whether the namespace of the operation has the labels. */
export function matchesNamespace(
  selector: LabelSelector,
  attributes: AdmissionAttributes,
  services: Services,
): boolean {
  const { namespace, endpoint } = attributes
  const isNamespace = endpoint.group === '' && endpoint.plural === 'namespaces'
  if (namespace === '' && !isNamespace) return true
  const compiled = selectorOf(selector)
  return compiled.isEmpty() || compiled.matches(namespaceLabels(attributes, isNamespace, services))
}

function namespaceLabels(attributes: AdmissionAttributes, isNamespace: boolean, { peek }: Services): Labels {
  const { operation, subresource, object, namespace, name } = attributes
  if (isNamespace && subresource === '' && object && (operation === 'CREATE' || operation === 'UPDATE'))
    return object.metadata.labels ?? {}
  const wanted = isNamespace ? name : namespace
  const found = peek<Namespace>('', 'namespaces', '', wanted)
  if (!found) throw notFound({ group: '', resource: 'namespaces' }, wanted)
  return found.metadata.labels ?? {}
}
