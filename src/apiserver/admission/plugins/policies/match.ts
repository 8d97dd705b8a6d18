import type { MatchResources, NamedRuleWithOperations } from '#api/admissionregistration/v1'
import type { Endpoint } from '../../../resource/resource.ts'
import type { Services } from '../../../services.ts'
import type { AdmissionAttributes } from '../../admission.ts'
import { endpointByRules, matches, matchesNamespace, matchesObject } from '../webhooks/match.ts'

/**
 * The endpoint in whose version a policy, or one of its bindings, wants to see the operation; `undefined` when it does not.
 * @throws StatusError NotFound when the namespace is not there
 */
export function endpointFor(
  { resourceRules, excludeResourceRules = [], namespaceSelector, objectSelector, matchPolicy }: MatchResources,
  attributes: AdmissionAttributes,
  services: Services,
): Endpoint | undefined {
  const excluded = excludeResourceRules.some(
    (rule) => named(rule, attributes) && matches(rule, attributes, attributes.endpoint),
  )
  if (excluded) return undefined
  // A binding without rules leaves it to its policy.
  const rules = resourceRules?.filter((rule) => named(rule, attributes))
  const endpoint = rules ? endpointByRules(rules, matchPolicy !== 'Exact', attributes, services) : attributes.endpoint
  if (!endpoint) return undefined
  if (objectSelector && !matchesObject(objectSelector, attributes)) return undefined
  if (namespaceSelector && !matchesNamespace(namespaceSelector, attributes, services)) return undefined
  return endpoint
}

function named({ resourceNames = [] }: NamedRuleWithOperations, { name, object }: AdmissionAttributes): boolean {
  return resourceNames.length === 0 || resourceNames.includes(name || (object?.metadata.name ?? ''))
}
