import { describe, expect, test } from 'vitest'
import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, Subject as Who } from '#api/rbac/v1'
import type { AuthorizationAttributes } from '../authorizer.ts'
import { BindingIndex } from './bindings.ts'
import { compactPieces, describeRule, uncovered } from './cover.ts'
import { RbacAuthorizer } from './index.ts'
import { compileRules } from './rule.ts'
import type { RbacSource } from './source.ts'

interface Objects {
  clusterRoles?: ClusterRole[]
  roles?: Role[]
  clusterRoleBindings?: ClusterRoleBinding[]
  roleBindings?: RoleBinding[]
}

class Memory implements RbacSource {
  version = 1
  objects: Objects
  constructor(objects: Objects) {
    this.objects = objects
  }
  bindings(namespace: string): BindingIndex {
    const { clusterRoleBindings = [], roleBindings = [] } = this.objects
    if (namespace === '') return new BindingIndex(clusterRoleBindings, '')
    return new BindingIndex(
      roleBindings.filter(({ metadata }) => metadata.namespace === namespace),
      namespace,
    )
  }
  rules({ kind, name }: { kind: string; name: string }, namespace: string): ReturnType<RbacSource['rules']> {
    const { clusterRoles = [], roles = [] } = this.objects
    const found =
      kind === 'Role'
        ? roles.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name)
        : clusterRoles.find(({ metadata }) => metadata.name === name)
    return found && compileRules(found.rules ?? [])
  }
}

const clusterRole = (name: string, ...rules: PolicyRule[]): ClusterRole => ({ metadata: { name }, rules })
const clusterBinding = (name: string, role: string, ...subjects: Who[]): ClusterRoleBinding => ({
  metadata: { name },
  roleRef: { kind: 'ClusterRole', name: role, apiGroup: 'rbac.authorization.k8s.io' },
  subjects,
})
const binding = (namespace: string, name: string, kind: string, role: string, ...subjects: Who[]): RoleBinding => ({
  metadata: { name, namespace },
  roleRef: { kind, name: role },
  subjects,
})
const user = (name: string): Who => ({ kind: 'User', name })
const group = (name: string): Who => ({ kind: 'Group', name })

/** `get pods/log in ns named n as user of group` in short. */
function ask(verb: string, what: string, rest: Partial<AuthorizationAttributes> = {}): AuthorizationAttributes {
  const isResource = !what.startsWith('/')
  const [resource = '', subresource = ''] = isResource ? what.split('/') : []
  const base = { group: '', version: 'v1', namespace: '', name: '', user: { name: 'u', groups: ['g'] } }
  return { verb, isResource, path: what, resource, subresource, ...base, ...rest }
}

const pods: PolicyRule = { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods', 'pods/log'] }

describe('RbacAuthorizer', () => {
  test('allows what a rule lists and has no opinion on the rest', () => {
    const authorizer = new RbacAuthorizer(
      new Memory({
        clusterRoles: [clusterRole('r', pods)],
        clusterRoleBindings: [clusterBinding('b', 'r', user('u'))],
      }),
    )
    const reason = 'RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "r" to User "u"'
    for (const namespace of ['', 'ns'])
      expect(authorizer.authorize(ask('get', 'pods', { namespace }))).toEqual({ verdict: 'allow', reason })
    expect(authorizer.authorize(ask('list', 'pods/log'))).toEqual({ verdict: 'allow', reason })
    const nothing = { verdict: 'no opinion', reason: '' }
    expect(authorizer.authorize(ask('delete', 'pods'))).toEqual(nothing)
    expect(authorizer.authorize(ask('get', 'pods/exec'))).toEqual(nothing)
    expect(authorizer.authorize(ask('get', 'pods', { group: 'apps' }))).toEqual(nothing)
    expect(authorizer.authorize(ask('get', 'pods', { user: { name: 'v', groups: ['u'] } }))).toEqual(nothing)
    expect(authorizer.authorize(ask('get', '/pods'))).toEqual(nothing)
  })

  test('reads stars in verbs, groups, resources, subresources and paths', () => {
    const authorizer = new RbacAuthorizer(
      new Memory({
        clusterRoles: [
          clusterRole('all', { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }),
          clusterRole('scale', { verbs: ['get'], apiGroups: ['*'], resources: ['*/scale'] }),
          clusterRole('paths', { verbs: ['get'], nonResourceURLs: ['/healthz', '/logs/*'] }),
        ],
        clusterRoleBindings: [
          clusterBinding('a', 'all', user('root')),
          clusterBinding('b', 'scale', group('g')),
          clusterBinding('c', 'paths', group('g')),
        ],
      }),
    )
    const allows = (attributes: AuthorizationAttributes): boolean =>
      (authorizer.authorize(attributes) as { verdict: string }).verdict === 'allow'
    expect(allows(ask('proxy', 'x/y', { group: 'any', user: { name: 'root', groups: [] } }))).toBe(true)
    expect(allows(ask('get', '/x', { user: { name: 'root', groups: [] } }))).toBe(false)
    expect(allows(ask('get', 'deployments/scale'))).toBe(true)
    expect(allows(ask('get', 'deployments/xscale'))).toBe(false)
    expect(allows(ask('get', 'deployments'))).toBe(false)
    expect(allows(ask('get', '/healthz'))).toBe(true)
    expect(allows(ask('get', '/healthz/etcd'))).toBe(false)
    expect(allows(ask('get', '/logs/a/b'))).toBe(true)
    expect(allows(ask('get', '/logs'))).toBe(false)
    expect(allows(ask('head', '/healthz'))).toBe(false)
  })

  test('narrows to names, the first rule that fits being the reason', () => {
    const named = { ...pods, resourceNames: ['a', 'b'] }
    const authorizer = new RbacAuthorizer(
      new Memory({
        clusterRoles: [clusterRole('named', named), clusterRole('more', { ...pods, resourceNames: ['b', 'c'] })],
        clusterRoleBindings: [clusterBinding('x', 'named', user('u')), clusterBinding('y', 'more', group('g'))],
      }),
    )
    const by = (name: string): string =>
      (authorizer.authorize(ask('get', 'pods', { name })) as { reason: string }).reason
    expect(by('a')).toContain('ClusterRoleBinding "x"')
    expect(by('b')).toContain('ClusterRoleBinding "x"')
    expect(by('c')).toContain('ClusterRoleBinding "y"')
    expect(by('d')).toBe('')
    expect(by('')).toBe('')
  })

  test('role bindings hold in their namespace, and find service accounts there', () => {
    const authorizer = new RbacAuthorizer(
      new Memory({
        roles: [{ metadata: { name: 'r', namespace: 'a' }, rules: [pods] }],
        clusterRoles: [clusterRole('r', { ...pods, verbs: ['watch'] })],
        roleBindings: [
          binding('a', 'x', 'Role', 'r', { kind: 'ServiceAccount', name: 'sa' }),
          binding('a', 'y', 'ClusterRole', 'r', { kind: 'ServiceAccount', name: 'sa', namespace: 'b' }),
        ],
      }),
    )
    const account = (home: string, verb: string, namespace: string): unknown =>
      authorizer.authorize(
        ask(verb, 'pods', { namespace, user: { name: `system:serviceaccount:${home}:sa`, groups: [] } }),
      )
    expect(account('a', 'get', 'a')).toEqual({
      verdict: 'allow',
      reason: 'RBAC: allowed by RoleBinding "x/a" of Role "r" to ServiceAccount "sa/a"',
    })
    expect(account('b', 'watch', 'a')).toEqual({
      verdict: 'allow',
      reason: 'RBAC: allowed by RoleBinding "y/a" of ClusterRole "r" to ServiceAccount "sa/b"',
    })
    for (const [home, verb, namespace] of [
      ['b', 'get', 'a'],
      ['a', 'watch', 'a'],
      ['a', 'get', 'b'],
      ['a', 'get', ''],
    ] as const)
      expect(account(home, verb, namespace)).toEqual({ verdict: 'no opinion', reason: '' })
  })

  test('says which roles are missing, each once', () => {
    const source = new Memory({
      clusterRoleBindings: [clusterBinding('a', 'x', user('u')), clusterBinding('b', 'x', group('g'))],
      roleBindings: [binding('ns', 'c', 'Role', 'y', user('u'))],
    })
    const authorizer = new RbacAuthorizer(source)
    const x = 'clusterrole.rbac.authorization.k8s.io "x" not found'
    const y = 'role.rbac.authorization.k8s.io "y" not found'
    expect(authorizer.authorize(ask('get', 'pods'))).toEqual({ verdict: 'no opinion', reason: `RBAC: ${x}` })
    expect(authorizer.authorize(ask('get', 'pods', { namespace: 'ns' }))).toEqual({
      verdict: 'no opinion',
      reason: `RBAC: [${x}, ${y}]`,
    })
    expect(authorizer.rulesFor({ name: 'u', groups: [] }, 'ns')).toEqual({
      resourceRules: [],
      nonResourceRules: [],
      incomplete: false,
      error: `[${x}, ${y}]`,
    })
  })

  test('answers anew when the rules change, for users it knows as well', () => {
    const source = new Memory({
      clusterRoles: [clusterRole('r', pods)],
      clusterRoleBindings: [clusterBinding('b', 'r', user('u'))],
    })
    const authorizer = new RbacAuthorizer(source)
    const question = ask('get', 'pods')
    expect(authorizer.authorize(question)).toMatchObject({ verdict: 'allow' })
    source.objects = { ...source.objects, clusterRoleBindings: [] }
    source.version++
    expect(authorizer.authorize(question)).toMatchObject({ verdict: 'no opinion' })
  })

  test('no value can be chosen so that its answer is that of another question', () => {
    const authorizer = new RbacAuthorizer(
      new Memory({
        clusterRoles: [clusterRole('r', { verbs: ['get'], apiGroups: ['a'], resources: ['b'] })],
        clusterRoleBindings: [clusterBinding('b', 'r', user('u'))],
      }),
    )
    expect(authorizer.authorize(ask('get', 'b', { group: 'a' }))).toMatchObject({ verdict: 'allow' })
    for (const [verb, group, resource] of [
      ['geta', '', 'b'],
      ['get', 'ab', ''],
      ['', 'geta', 'b'],
    ] as const)
      expect(authorizer.authorize(ask(verb, resource, { group }))).toMatchObject({ verdict: 'no opinion' })
  })

  test('a binding that names a user twice is reported once, by its first subject', () => {
    const authorizer = new RbacAuthorizer(
      new Memory({
        clusterRoles: [clusterRole('r', pods)],
        clusterRoleBindings: [clusterBinding('b', 'r', group('other'), group('g'), user('u'))],
      }),
    )
    expect(authorizer.authorize(ask('get', 'pods'))).toMatchObject({
      reason: 'RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "r" to Group "g"',
    })
    expect(authorizer.rulesFor({ name: 'u', groups: ['g'] }, '').resourceRules).toHaveLength(1)
  })
})

describe('uncovered()', () => {
  const owned: PolicyRule[] = [
    { verbs: ['get', 'list'], apiGroups: ['', 'apps'], resources: ['pods', '*/scale'] },
    { verbs: ['*'], apiGroups: ['batch'], resources: ['*'], resourceNames: ['one'] },
    { verbs: ['get'], nonResourceURLs: ['/healthz', '/logs/*'] },
  ]

  test.each<[PolicyRule, string[]]>([
    [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }, []],
    [{ verbs: ['get'], apiGroups: ['apps'], resources: ['deployments/scale'], resourceNames: ['x'] }, []],
    [
      { verbs: ['get', 'watch', 'delete'], apiGroups: [''], resources: ['pods', 'nodes'] },
      [
        '{APIGroups:[""], Resources:["pods"], Verbs:["watch" "delete"]}',
        '{APIGroups:[""], Resources:["nodes"], Verbs:["get" "watch" "delete"]}',
      ],
    ],
    [{ verbs: ['x'], apiGroups: ['batch'], resources: ['jobs'], resourceNames: ['one'] }, []],
    [
      { verbs: ['x'], apiGroups: ['batch'], resources: ['jobs'] },
      ['{APIGroups:["batch"], Resources:["jobs"], Verbs:["x"]}'],
    ],
    [{ verbs: ['get'], nonResourceURLs: ['/logs/a', '/healthz'] }, []],
    [
      { verbs: ['get', 'put'], nonResourceURLs: ['/logs/a', '/x'] },
      [
        '{NonResourceURLs:["/logs/a"], Verbs:["put"]}',
        '{NonResourceURLs:["/x"], Verbs:["get"]}',
        '{NonResourceURLs:["/x"], Verbs:["put"]}',
      ],
    ],
  ])('of %j', (wanted, missing) => {
    expect(compactPieces(uncovered(owned, [wanted])).map(describeRule)).toEqual(missing)
  })
})
