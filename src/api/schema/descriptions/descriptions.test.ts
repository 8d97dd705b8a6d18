import { expect, test } from 'vitest'
import { groupVersions } from '../../groups/registry.ts'
import { linkTypes } from '../link.ts'
import { describedType, descriptionOf, writtenDescriptions } from '../descriptions.ts'
import { readDescriptions } from './read.ts'

test('every description is of a field that there is', () => {
  const fields = new Map(
    [...linkTypes(groupVersions).values()].flatMap((type) =>
      'fields' in type ? [[type.definition, type.fields.map(({ name }) => name)] as const] : [],
    ),
  )
  const unknown = [...writtenDescriptions()].flatMap(([definition, description]) => {
    const known = fields.get(definition)
    if (!known) return [definition]
    return Object.keys(description.fields).flatMap((field) => (known.includes(field) ? [] : [`${definition}.${field}`]))
  })
  expect(unknown).toEqual([])
})

// The types that the API server serves itself are held to it by the documents that it publishes.
test('every type and field of the metrics is described', () => {
  const types = [...linkTypes(groupVersions).values()].flatMap((type) => ('fields' in type ? [type] : []))
  const own = types.filter((type) => type.place === 'metrics/v1beta1')
  expect(own).not.toEqual([])
  const missing = own.flatMap((type) => {
    const { definition, hasTypeMeta, fields } = type
    const described = describedType(type)
    if (!described) return [definition]
    const names = fields.map(({ name }) => name).filter((name) => !(hasTypeMeta && name === 'metadata'))
    return names.filter((name) => !described.fields[name]).map((name) => `${definition}.${name}`)
  })
  expect(missing).toEqual([])
})

test('descriptions are whole sentences in one line', () => {
  const texts = [...writtenDescriptions().values()].flatMap(({ text, fields }) => [text, ...Object.values(fields)])
  expect(texts.filter((text) => !/^[A-Z$'0-9].*\.$/.test(text))).toEqual([])
})

test('descriptions of types and fields are found by the name of the definition', () => {
  const container = descriptionOf('io.k8s.api.core.v1.Container')
  expect(container?.text).toBe('A program that runs in a pod, from an image.')
  const ephemeral = descriptionOf('io.k8s.api.core.v1.EphemeralContainer')
  expect(ephemeral?.fields['tty']).toBe(container?.fields['tty'])
  expect(ephemeral?.fields['lifecycle']).toBe('Not allowed in ephemeral containers.')
  expect(ephemeral?.fields['targetContainerName']).toMatch(/^Container whose processes/)
  expect(descriptionOf('io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector')?.fields['matchLabels']).toBeDefined()
  expect(container?.fields['tty']).toBe('Whether the container has a terminal; needs stdin.')
})

test('a type that is described twice, or is of an unknown group, is an error', () => {
  expect(() => readDescriptions('@core.Pod A pod.\n@core.Pod Another.', new Map())).toThrow('@core.Pod is of no group')
  expect(() => readDescriptions('@cores.Pod A pod.', new Map())).toThrow('@cores.Pod is of no group')
})
