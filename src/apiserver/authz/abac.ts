import type { UserInfo } from '#client'
import type { AuthorizationAttributes, Authorizer, Decision } from './authorizer.ts'

/** A rule of a policy file (`abac.authorization.kubernetes.io/v1beta1`). Empty fields fit nothing. */
export interface AttributePolicy {
  readonly user: string
  readonly group: string
  readonly readonly: boolean
  readonly apiGroup: string
  readonly resource: string
  readonly namespace: string
  readonly nonResourcePath: string
}

const allow: Decision = { verdict: 'allow', reason: '' }
const noOpinion: Decision = { verdict: 'no opinion', reason: 'No policy matched.' }
const readVerbs = ['get', 'list', 'watch']

/** Decides by a list of policies: what one of them allows is allowed. */
export function attributeAuthorizer(policies: readonly AttributePolicy[]): Authorizer {
  return {
    authorize: (attributes) => (policies.some((policy) => matches(policy, attributes)) ? allow : noOpinion),
    rulesFor(user, namespace) {
      const own = policies.filter(
        (policy) => isFor(policy, user) && (policy.namespace === '*' || policy.namespace === namespace),
      )
      const verbsOf = ({ readonly }: AttributePolicy): readonly string[] => (readonly ? readVerbs : ['*'])
      return {
        resourceRules: own
          .filter(({ resource }) => resource !== '')
          .map((policy) => ({
            verbs: verbsOf(policy),
            apiGroups: [policy.apiGroup],
            resources: [policy.resource],
          })),
        nonResourceRules: own
          .filter(({ nonResourcePath }) => nonResourcePath !== '')
          .map((policy) => ({ verbs: verbsOf(policy), nonResourceURLs: [policy.nonResourcePath] })),
        incomplete: false,
      }
    },
  }
}

function matches(policy: AttributePolicy, attributes: AuthorizationAttributes): boolean {
  if (!isFor(policy, attributes.user)) return false
  if (policy.readonly && !readVerbs.includes(attributes.verb)) return false
  if (!attributes.isResource) return matchesPath(policy.nonResourcePath, attributes.path)
  const fits = (wanted: string, given: string): boolean => wanted === '*' || wanted === given
  const { namespace, resource, group } = attributes
  return fits(policy.namespace, namespace) && fits(policy.resource, resource) && fits(policy.apiGroup, group)
}

function isFor({ user: name, group }: AttributePolicy, user: UserInfo): boolean {
  if (name === '' && group === '') return false
  if (name !== '' && name !== '*' && name !== user.name) return false
  return group === '' || group === '*' || user.groups.includes(group)
}

function matchesPath(wanted: string, path: string): boolean {
  if (wanted === '*' || wanted === path) return true
  return wanted.endsWith('*') && path.startsWith(wanted.replace(/\*+$/, ''))
}

type Given = { readonly [field: string]: unknown }

/**
 * Reads a policy file: a policy in JSON on each line; empty lines and those that begin with `#` don't count.
 * @param name of the file, for the message
 * @throws Error with the line that can't be read
 */
export function parsePolicyFile(name: string, text: string): readonly AttributePolicy[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '' || line.trim().startsWith('#')) return []
    try {
      return [policyOf(JSON.parse(line) as Given)]
    } catch (cause) {
      const why = (cause as Error).message
      throw new Error(`error reading policy file ${name}, line ${index + 1}: ${line}: ${why}`, { cause })
    }
  })
}

function policyOf(given: Given): AttributePolicy {
  const { kind, apiVersion } = given
  const versioned = kind === 'Policy' && apiVersion === 'abac.authorization.kubernetes.io/v1beta1'
  const spec = versioned ? ((given['spec'] ?? {}) as Given) : given
  const text = (field: string): string => (typeof spec[field] === 'string' ? spec[field] : '')
  const plain = {
    ...authenticatedFor(text('user'), text('group')),
    readonly: spec['readonly'] === true,
    apiGroup: text('apiGroup'),
    resource: text('resource'),
    namespace: text('namespace'),
    nonResourcePath: text('nonResourcePath'),
  }
  return versioned ? plain : unversioned(plain)
}

const authenticated = 'system:authenticated'

/** `*` stands for everybody who has shown who they are. */
function authenticatedFor(user: string, group: string): { readonly user: string; readonly group: string } {
  return user === '*' || group === '*' ? { user: '', group: authenticated } : { user, group }
}

/** Before there were versions, what was left out fitted everything. */
function unversioned(policy: AttributePolicy): AttributePolicy {
  const { user, group, resource, namespace } = policy
  return {
    ...policy,
    group: user === '' && group === '' ? authenticated : group,
    apiGroup: '*',
    resource: resource || '*',
    namespace: namespace || '*',
    nonResourcePath: resource === '' && namespace === '' ? '*' : '',
  }
}
