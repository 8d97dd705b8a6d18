import { expect, test } from 'vitest'
import type { ClusterRole, ClusterRoleBinding } from '#api/rbac/v1'
import type { FlowSchema, PriorityLevelConfiguration } from '#api/flowcontrol/v1'
import { mandatoryLevels, mandatorySchemas, suggestedLevels, suggestedSchemas } from './flowcontrol/objects.ts'
import { planConfiguration, planFormer } from './flowcontrol/plan.ts'
import { bootstrapClusterRoles, bootstrapRoles } from './rbac/objects.ts'
import { reconcileBinding, reconcileRole } from './rbac/reconcile.ts'

const role = (rules: ClusterRole['rules'] = []): ClusterRole => ({
  metadata: {
    name: 'r',
    labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
    annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  },
  rules,
})
const get = (...resources: string[]) => ({ verbs: ['get'], apiGroups: [''], resources })

test('names of roles are unique, and every rule has verbs and says on what', () => {
  const names = bootstrapClusterRoles().map(({ metadata }) => metadata.name)
  expect(new Set(names).size).toBe(names.length)
  const rules = [...bootstrapClusterRoles(), ...bootstrapRoles()].flatMap(({ rules }) => rules ?? [])
  for (const { verbs, apiGroups = [], resources = [], nonResourceURLs = [] } of rules) {
    expect(verbs.length).toBeGreaterThan(0)
    expect(nonResourceURLs.length > 0).not.toBe(apiGroups.length > 0 && resources.length > 0)
  }
})

test('every flow schema leads to a level that is there', () => {
  const levels = new Set([...mandatoryLevels, ...suggestedLevels].map(({ metadata }) => metadata.name))
  for (const { spec } of [...mandatorySchemas, ...suggestedSchemas])
    expect(levels).toContain(spec?.priorityLevelConfiguration.name)
})

test('reconcileRole() adds missing rules, labels and annotations, and keeps what someone added', () => {
  expect(reconcileRole(role([get('pods'), get('x')]), role([get('pods')]))).toBeUndefined()
  expect(reconcileRole(role([get('x')]), role([get('x', 'pods')]))).toEqual(role([get('x'), get('pods')]))
  const bare = { metadata: { name: 'r', labels: { a: 'b' } }, rules: [get('pods')] }
  expect(reconcileRole(bare, role([get('pods')]))).toEqual({
    ...role([get('pods')]),
    metadata: {
      name: 'r',
      labels: { a: 'b', 'kubernetes.io/bootstrapping': 'rbac-defaults' },
      annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
    },
  })
})

test('reconcileRole() completes what a role collects, and ends collecting where none is meant', () => {
  const collecting = (...labels: string[]): ClusterRole => ({
    ...role(),
    aggregationRule: { clusterRoleSelectors: labels.map((label) => ({ matchLabels: { [label]: 'true' } })) },
  })
  expect(reconcileRole(collecting('a'), collecting('a'))).toBeUndefined()
  expect(reconcileRole(collecting('a'), collecting('b'))).toEqual(collecting('a', 'b'))
  expect(reconcileRole(collecting('a'), role())).toEqual(role())
})

test('reconcileRole() and reconcileBinding() leave alone what is protected', () => {
  const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'false' }
  expect(reconcileRole({ metadata: { annotations } }, role([get('pods')]))).toBeUndefined()
  const roleRef = { kind: 'ClusterRole', name: 'x' }
  expect(reconcileBinding({ metadata: { annotations }, roleRef }, { metadata: {}, roleRef })).toBeUndefined()
})

test('reconcileBinding() adds missing subjects, and makes a binding to another role anew', () => {
  const binding = (name: string, ...users: string[]): ClusterRoleBinding => ({
    metadata: { name: 'b', labels: {}, annotations: {} },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: users.map((user) => ({ kind: 'User', name: user })),
  })
  expect(reconcileBinding(binding('r', 'a', 'b'), binding('r', 'b'))).toBeUndefined()
  expect(reconcileBinding(binding('r', 'a'), binding('r', 'b'))).toEqual({
    action: 'update',
    binding: binding('r', 'a', 'b'),
  })
  expect(reconcileBinding(binding('other', 'a'), binding('r', 'b'))).toEqual({
    action: 'recreate',
    binding: binding('r', 'b'),
  })
})

const [expected] = suggestedSchemas as [FlowSchema]
const changed = (annotation: string | undefined, generation: number): FlowSchema => ({
  ...expected,
  metadata: {
    name: expected.metadata.name ?? '',
    generation,
    ...(annotation === undefined ? {} : { annotations: { 'apf.kubernetes.io/autoupdate-spec': annotation } }),
  },
  spec: { ...expected.spec, matchingPrecedence: 7 },
})

test('planConfiguration() brings back what nobody claimed, and marks what operators changed as theirs', () => {
  expect(planConfiguration(undefined, expected, false)).toEqual({ action: 'create', object: expected })
  expect(planConfiguration(expected, expected, false)).toEqual({ action: 'none' })
  expect(planConfiguration(changed('true', 3), expected, false)).toMatchObject({
    action: 'update',
    object: { spec: expected.spec },
  })
  expect(planConfiguration(changed(undefined, 1), expected, false)).toMatchObject({ object: { spec: expected.spec } })
  expect(planConfiguration(changed('false', 3), expected, false)).toEqual({ action: 'none' })
  expect(planConfiguration(changed('what', 2), expected, false)).toMatchObject({
    action: 'update',
    object: {
      metadata: { annotations: { 'apf.kubernetes.io/autoupdate-spec': 'false' } },
      spec: { matchingPrecedence: 7 },
    },
  })
  expect(planConfiguration(changed('false', 3), expected, true)).toMatchObject({ object: { spec: expected.spec } })
})

test('planConfiguration() lets the exempt level lend what its operator says', () => {
  const [exempt] = mandatoryLevels as [PriorityLevelConfiguration]
  const lending = {
    ...exempt,
    spec: { type: 'Exempt', exempt: { nominalConcurrencyShares: 9, lendablePercent: 50 } },
  } as PriorityLevelConfiguration
  expect(planConfiguration(lending, exempt, true)).toEqual({ action: 'none' })
})

test("planFormer() removes what is no longer a default and still the server's", () => {
  expect(planFormer(changed('true', 1))).toEqual({ action: 'delete' })
  expect(planFormer(changed('false', 1))).toEqual({ action: 'none' })
  expect(planFormer(changed(undefined, 1))).toEqual({ action: 'none' })
})
