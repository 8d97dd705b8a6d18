import { expect, test } from 'vitest'
import { groupVersions, linkTypes } from '#api'
import type { StructType } from '#api'
import { normalize } from '../decode.ts'
import { shownForm, storedForm } from './forms.ts'

const types = linkTypes(groupVersions)

function struct(name: string): StructType {
  const type = types.get(name)
  if (type?.kind !== 'struct') throw new Error(`no struct ${name}`)
  return type
}

/** A value as it is in memory, as JSON shows it, and as it is once stored. */
function forms(name: string, sent: object): readonly unknown[] {
  const type = struct(name)
  const { value } = normalize(type, sent)
  return [value, shownForm(type, value), storedForm(type, value)]
}

test('fields that are always shown keep an empty list until they are stored', () => {
  expect(forms('storage/v1.CSINode', { spec: { drivers: [] } })).toEqual([
    { metadata: {}, spec: { drivers: [] } },
    { metadata: {}, spec: { drivers: [] } },
    { metadata: {}, spec: { drivers: null } },
  ])
})

test('fields that are left out when empty keep an empty list or map in memory alone', () => {
  const sent = { metadata: { labels: {} }, spec: { containers: [{ name: 'c', ports: [] }], overhead: {}, volumes: [] } }
  const [memory, shown, stored] = forms('core/v1.Pod', sent)
  expect(memory).toMatchObject({ metadata: { labels: {} }, spec: { overhead: {}, volumes: [] } })
  const bare = { metadata: {}, spec: { containers: [{ name: 'c', resources: {} }] }, status: {} }
  expect([shown, stored]).toEqual([bare, bare])
})

test('empty structs are no empty maps', () => {
  const sent = { spec: { containers: [{ name: 'c' }], securityContext: {}, volumes: [{ name: 'v', emptyDir: {} }] } }
  const [memory, shown, stored] = forms('core/v1.Pod', sent)
  expect(shown).toBe(memory)
  expect(stored).toBe(memory)
})

test('lists within a map are nil in memory and empty once stored', () => {
  const sent = { spec: { request: 'YQ==', signerName: 'a/b', usages: ['any'], extra: { a: null, b: [] } } }
  const [memory, shown, stored] = forms('certificates/v1.CertificateSigningRequest', sent)
  expect(memory).toMatchObject({ spec: { extra: { a: null, b: [] } } })
  expect(shown).toBe(memory)
  expect(stored).toMatchObject({ spec: { extra: { a: [], b: [] } } })
})

test('neither form changes the object', () => {
  const type = struct('discovery/v1.EndpointSlice')
  const object = Object.freeze({ metadata: Object.freeze({ labels: Object.freeze({}) }), endpoints: Object.freeze([]) })
  expect(storedForm(type, object)).toEqual({ metadata: {}, endpoints: null })
  expect(object).toEqual({ metadata: { labels: {} }, endpoints: [] })
})

test('what an object shares with one that has the form is taken as it is, the rest is not', () => {
  const type = struct('core/v1.Pod')
  const { value } = normalize(type, { spec: { containers: [{ name: 'c', ports: [] }], volumes: [] } })
  const { spec } = value as { readonly spec: object }
  const known = { metadata: {}, spec, status: { conditions: [] } }
  const next = { metadata: { labels: {} }, spec, status: { conditions: [], podIPs: [] } }
  for (const form of [shownForm, storedForm])
    expect(form(type, next, known)).toEqual({ metadata: {}, spec, status: {} })
  expect(storedForm<object>(type, next, known)).toHaveProperty('spec', spec)
})
