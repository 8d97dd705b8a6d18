import { expect, test } from 'vitest'
import type { Draft } from '#api'
import type { OwnerReference } from '#api/meta/v1'
import type { KubeObject } from '#machinery'
import type { RequestContext } from '../request/context.ts'
import { dedupeOwnerReferences } from './owner-references.ts'

const reference = (index: number): OwnerReference => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: `owner-${index}`,
  uid: `uid-${index % 100}`,
})

function deduped(references: readonly OwnerReference[]): readonly [readonly OwnerReference[] | undefined, string[]] {
  const warnings = new Set<string>()
  const draft = { metadata: { name: 'a', ownerReferences: [...references] } } as Draft<KubeObject>
  dedupeOwnerReferences(draft, { warnings } as unknown as RequestContext, false)
  return [draft.metadata.ownerReferences, [...warnings]]
}

test('owners that stand twice are dropped and told of, others of the same uid are not', () => {
  const [one, two] = [reference(1), reference(2)]
  const controller = { ...one, controller: true }
  const blocking = { ...one, controller: false, blockOwnerDeletion: true }
  const [kept, warnings] = deduped([one, two, { ...one }, controller, blocking, { ...controller }])
  expect(kept).toEqual([one, two, controller, blocking])
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toContain('duplicate UID(s) observed: uid-1, uid-1')
})

test('as many owners as a request can hold are looked at in one go over them', () => {
  const many = Array.from({ length: 40_000 }, (_, index) => reference(index))
  const [kept, warnings] = deduped([...many, reference(7)])
  expect([kept?.length, warnings[0]?.endsWith('observed: uid-7')]).toEqual([40_000, true])
})
