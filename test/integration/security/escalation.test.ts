import { describe, expect, test } from 'vitest'
import type { UserInfo } from '#client'
import { startClusterServer } from '../apiserver/server.ts'
import type { Answer, ClusterServer } from '../apiserver/server.ts'

const apiGroup = 'rbac.authorization.k8s.io'
const roles = `/apis/${apiGroup}/v1`
const alice: UserInfo = { name: 'alice', groups: ['devs', 'system:authenticated'] }
const readsPods = { apiGroups: [''], resources: ['pods'], verbs: ['get'] }

const said = ({ code, body }: Answer): readonly unknown[] => [code, (body as { readonly message?: string }).message]

const bindingTo = (kind: string, name: string): object => ({
  metadata: { name: 'new' },
  subjects: [{ kind: 'User', apiGroup, name: 'bob' }],
  roleRef: { apiGroup, kind, name },
})

/** Alice writes roles and bindings, reads pods, may hand out `handed` and nothing else of what she has not. */
async function serverOfAlice(): Promise<ClusterServer> {
  const server = await startClusterServer()
  const kinds = ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings']
  const rules = [
    { apiGroups: [apiGroup], resources: kinds, verbs: ['create'] },
    { apiGroups: [apiGroup], resources: ['clusterroles'], resourceNames: ['handed'], verbs: ['bind'] },
    readsPods,
  ]
  const all = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
  for (const [name, own] of [
    ['alices', rules],
    ['handed', all],
    ['other', all],
    ['reader', [readsPods]],
  ] as const)
    await server.request('POST', `${roles}/clusterroles`, { metadata: { name }, rules: own })
  await server.request('POST', `${roles}/clusterrolebindings`, {
    metadata: { name: 'alices' },
    subjects: [{ kind: 'User', apiGroup, name: 'alice' }],
    roleRef: { apiGroup, kind: 'ClusterRole', name: 'alices' },
  })
  return server
}

const refused = (what: string): string =>
  `${what} is forbidden: user "alice" (groups=["devs" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:`

test.each([
  ['', 'Name parameter required.'],
  ['a/b', `Name parameter invalid: "a/b": may not contain '/'`],
])('who binds a role is told that "%s" is no name to look for', async (name, message) => {
  await using server = await serverOfAlice()
  for (const [path, kind] of [
    [`${roles}/namespaces/default/rolebindings`, 'Role'],
    [`${roles}/clusterrolebindings`, 'ClusterRole'],
  ] as const)
    expect(said(await server.request('POST', path, bindingTo(kind, name), {}, alice))).toEqual([400, message])
})

describe('Who writes RBAC objects', () => {
  test.each([
    ['what they have', [readsPods], [201, undefined]],
    [
      'more than they have',
      [readsPods, { ...readsPods, verbs: ['get', 'delete'] }],
      [
        403,
        `${refused('clusterroles.rbac.authorization.k8s.io "new"')}\n{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}`,
      ],
    ],
  ])('grants %s in a role, or is refused', async (_, rules, wanted) => {
    await using server = await serverOfAlice()
    const role = { metadata: { name: 'new' }, rules }
    expect(said(await server.request('POST', `${roles}/clusterroles`, role, {}, alice))).toEqual(wanted)
  })

  test.each([
    ['ClusterRole', 'reader', [201, undefined]],
    ['ClusterRole', 'handed', [201, undefined]],
    [
      'ClusterRole',
      'other',
      [
        403,
        `${refused('clusterrolebindings.rbac.authorization.k8s.io "new"')}\n{APIGroups:["*"], Resources:["*"], Verbs:["*"]}`,
      ],
    ],
    ['ClusterRole', 'none', [404, 'clusterrolebindings.rbac.authorization.k8s.io "none" not found']],
    ['Role', 'reader', [400, 'Namespace parameter required.']],
  ])('binds the %s %s to anyone, or is refused', async (kind, name, wanted) => {
    await using server = await serverOfAlice()
    const made = await server.request('POST', `${roles}/clusterrolebindings`, bindingTo(kind, name), {}, alice)
    expect(said(made)).toEqual(wanted)
  })
})
