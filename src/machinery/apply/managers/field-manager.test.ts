import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupVersions, linkTypes } from '#api'
import type { Json, StructType } from '#api'
import type { ManagedFieldsEntry } from '#api/meta/v1'
import { deepFreeze } from '#base'
import { decodeJson } from '../../codec/json/decode.ts'
import { comparedForm } from '../../codec/json/normalize/forms.ts'
import { parseJson } from '../../codec/json/parse.ts'
import type { KubeObject } from '../../meta/object.ts'
import { anyElement, excludeFields, includeFields } from '../fields/filter.ts'
import { mergeTypeOf } from '../types/builtin.ts'
import { mergeTypeOfSchema } from '../types/schema.ts'
import type { MergeSchema } from '../types/schema.ts'
import { zeroObject } from '../types/zero.ts'
import { createFieldManager } from './field-manager.ts'
import type { FieldManager, FieldManagerOptions } from './field-manager.ts'
import { withConversions } from './pending.ts'

type Thing = KubeObject & { readonly [field: string]: unknown }

const types = linkTypes(groupVersions)
const struct = (name: string): StructType => types.get(name) as StructType
const now = '2026-03-01T10:00:00Z'

function managerOf(place: string, kind: string, more: Partial<FieldManagerOptions> = {}): FieldManager {
  const [folder = '', version = ''] = place.split('/')
  const group = folder === 'core' ? '' : folder
  const apiVersion = group === '' ? version : place
  const type = struct(`${place}.${kind}`)
  const zero = zeroObject(type, apiVersion) as unknown as KubeObject
  const typeOf: FieldManagerOptions['typeOf'] = (of) => (of === apiVersion ? mergeTypeOf(type) : undefined)
  return createFieldManager({ group, version, kind, typeOf, zero, ...more })
}

const configMaps = managerOf('core/v1', 'ConfigMap')
const configMap = (data: { readonly [key: string]: string }, metadata: object = {}): Thing =>
  deepFreeze({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'c', ...metadata }, data })
const stored = (object: Thing): Thing => deepFreeze({ ...object, metadata: { ...object.metadata, uid: 'u' } })
const changed = (object: Thing, more: object): Thing => deepFreeze({ ...object, ...more })
const owners = (object: Thing): unknown =>
  (object.metadata.managedFields ?? []).map(({ manager, operation, fieldsV1 }) => [manager, operation, fieldsV1])

describe('update()', () => {
  test('puts managedFields last in the metadata and touches nothing else', () => {
    const object = configMap({ a: '1' })
    const after = configMaps.update(undefined, object, { manager: 'm', now })
    expect(JSON.stringify(after)).toBe(
      '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c","managedFields":[{"manager":"m","operation":"Update",' +
        '"apiVersion":"v1","time":"2026-03-01T10:00:00Z","fieldsType":"FieldsV1",' +
        '"fieldsV1":{"f:data":{".":{},"f:a":{}}}}]},"data":{"a":"1"}}',
    )
    expect(after['data']).toBe(object['data'])
    expect(object.metadata.managedFields).toBeUndefined()
  })

  test('gives objects that a manager writes alike one entry, or one set where they differ in time', () => {
    const manager = managerOf('core/v1', 'ConfigMap')
    const entryOf = (data: string, name: string, time: string): ManagedFieldsEntry | undefined =>
      manager.update(undefined, configMap({ [data]: '1' }), { manager: name, now: time }).metadata.managedFields?.[0]
    const first = entryOf('a', 'm', now)
    expect(entryOf('a', 'm', now)).toBe(first)
    const later = entryOf('a', 'm', '2026-03-01T10:00:01Z')
    expect(later).toEqual({ ...first, time: '2026-03-01T10:00:01Z' })
    expect(later?.fieldsV1).toBe(first?.fieldsV1)
    expect(entryOf('a', 'other', now)).toEqual({ ...first, manager: 'other' })
    expect(entryOf('b', 'm', now)?.fieldsV1).toEqual({ 'f:data': { '.': {}, 'f:b': {} } })
    const long = 'l'.repeat(10_000)
    expect(entryOf(long, 'm', now)).toEqual(entryOf(long, 'm', now))
    expect(entryOf(long, 'm', now)).not.toBe(entryOf(long, 'm', now))
  })

  test('tells the fields of new objects as well by those that came before as by themselves', () => {
    const pods = struct('core/v1.Pod')
    const part = <T>(value: T): fc.Arbitrary<T | undefined> => fc.option(fc.constant(value), { nil: undefined })
    const port = fc.record({ containerPort: fc.constantFrom(80, 81), name: part('http'), hostPort: part(0) })
    const container = fc.record({
      name: fc.constantFrom('a', 'b'),
      image: fc.constantFrom('x', 'y', ''),
      args: fc.constantFrom(undefined, ['1'], ['1', '2']),
      ports: fc.option(fc.array(port, { maxLength: 2 }), { nil: undefined }),
      resources: fc.constantFrom(undefined, {}, { limits: { cpu: '1' } }),
    })
    const pod = fc.record({
      metadata: fc.record({
        name: fc.constantFrom('p', 'q'),
        labels: fc.constantFrom(undefined, { a: '1' }, { a: '' }, { b: '1' }),
        finalizers: fc.constantFrom(undefined, ['x/a'], ['x/b']),
      }),
      spec: fc.record({
        containers: fc.array(container, { minLength: 1, maxLength: 2 }),
        nodeSelector: fc.constantFrom(undefined, {}, { a: '1' }, { b: '2' }),
        hostNetwork: fc.constantFrom(undefined, true, false),
        securityContext: fc.constantFrom(undefined, {}, { runAsUser: 0 }),
        tolerations: fc.constantFrom(undefined, [{ key: 'a' }], [{ key: 'b' }]),
      }),
    })
    const compared: FieldManagerOptions['compared'] = (object, live) => comparedForm(pods, object, live)
    const places = [
      ['metadata', 'labels'],
      ['metadata', 'finalizers'],
      ...['nodeSelector', 'hostNetwork', 'securityContext', 'tolerations'].map((field) => ['spec', field]),
      ...['name', 'image', 'args', 'ports', 'resources'].map((field) => ['spec', 'containers', '0', field]),
    ]
    const at = (object: object, path: readonly string[]): object =>
      path.reduce((value: object, step) => Reflect.get(value, step) as object, object)
    fc.assert(
      fc.property(pod, pod, fc.constantFrom(...places), (one, other, place) => {
        const [parents, last] = [place.slice(0, -1), place.at(-1) ?? '']
        const like = structuredClone(one)
        Reflect.set(at(like, parents), last, Reflect.get(at(other, parents), last))
        const [quick, slow] = [true, false].map((showsAll) => managerOf('core/v1', 'Pod', { compared, showsAll }))
        for (const next of [one, one, one, like, like, like, one]) {
          const text = JSON.stringify(next)
          const [a, b] = [quick, slow].map((manager) => {
            const { value } = decodeJson(pods, parseJson(new TextEncoder().encode(text)))
            // As the server fills it in, behind the other fields.
            Object.assign((value as Thing).metadata, { namespace: 'n' })
            return owners(manager?.update(undefined, value as Thing, { manager: 'm', now }) as Thing)
          })
          expect(a).toEqual(b)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('tells managers apart whose names and subresources run together', () => {
    const manager = managerOf('core/v1', 'ConfigMap')
    const entry = (name: string, subresource: string): ManagedFieldsEntry => ({
      manager: name,
      operation: 'Update',
      apiVersion: 'v1',
      time: now,
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:data': { 'f:a': {}, 'f:b': {} } },
      subresource,
    })
    const entries = [entry('y z', 'x'), entry('z', 'x y')]
    const live = stored(configMap({ a: '1', b: '1' }, { managedFields: entries }))
    const after = manager.update(live, changed(live, { data: { a: '2', b: '1' } }), { manager: 'm', now })
    const left = after.metadata.managedFields?.map(({ manager: name, subresource }) => [name, subresource])
    expect(left).toEqual([
      ['m', undefined],
      ['y z', 'x'],
      ['z', 'x y'],
    ])
  })

  test('keeps entries, and the whole list, as they are when nobody gains or loses', () => {
    const live = stored(configMaps.update(undefined, configMap({ a: '1' }), { manager: 'm', now }))
    const next = changed(live, { metadata: { ...live.metadata, resourceVersion: '2' } })
    const after = configMaps.update(live, next, { manager: 'other', now: '2027-01-01T00:00:00Z' })
    expect(after).toBe(next)
    const decoded = deepFreeze(JSON.parse(JSON.stringify(next)) as Thing)
    const again = configMaps.update(live, decoded, { manager: 'other', now: '2027-01-01T00:00:00Z' })
    expect(again.metadata.managedFields).toBe(live.metadata.managedFields)
  })

  test('tells an empty list from none in items of lists that are owned as a whole, and nowhere else', () => {
    const type = struct('networking/v1.NetworkPolicy')
    const compared: FieldManagerOptions['compared'] = (object, live) => comparedForm(type, object, live)
    const policies = managerOf('networking/v1', 'NetworkPolicy', { compared })
    const policy = (spec: object): Thing =>
      deepFreeze({ kind: 'NetworkPolicy', apiVersion: 'networking.k8s.io/v1', metadata: { name: 'p' }, spec })
    const live = stored(policies.update(undefined, policy({ podSelector: {}, ingress: [{}] }), { manager: 'm', now }))
    const after = (spec: object): unknown =>
      owners(policies.update(live, changed(live, { spec }), { manager: 'other', now }))
    const ingress = { 'f:spec': { 'f:ingress': {} } }
    expect(after({ podSelector: { matchLabels: {} }, ingress: [{}], egress: [] })).toEqual([['m', 'Update', ingress]])
    expect(after({ podSelector: {}, ingress: [{ ports: [] }] })).toEqual([['other', 'Update', ingress]])
  })

  test('keeps the set, and moves the time, of a manager that changes what it owns', () => {
    const live = stored(configMaps.update(undefined, configMap({ a: '1' }), { manager: 'm', now }))
    const later = '2027-01-01T00:00:00Z'
    const after = configMaps.update(live, changed(live, { data: { a: '2' } }), { manager: 'm', now: later })
    expect(after.metadata.managedFields).toEqual([{ ...live.metadata.managedFields?.[0], time: later }])
  })

  test('names a manager without a name unknown', () => {
    expect(owners(configMaps.update(undefined, configMap({ a: '1' }), { manager: '', now }))).toEqual([
      ['unknown', 'Update', { 'f:data': { '.': {}, 'f:a': {} } }],
    ])
  })

  test('ignores entries that are sent with a subresource', () => {
    const live = stored(configMaps.update(undefined, configMap({ a: '1' }), { manager: 'm', now }))
    const status = managerOf('core/v1', 'ConfigMap', { subresource: 'status' })
    for (const managedFields of [
      [],
      [{}],
      [{ manager: 'x', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1' }],
    ]) {
      const next = changed(live, { metadata: { ...live.metadata, managedFields } })
      expect(status.update(live, next, { manager: 's', now }).metadata.managedFields).toEqual(
        live.metadata.managedFields,
      )
    }
  })

  test('takes entries it can not read for none', () => {
    const live = stored(configMaps.update(undefined, configMap({ a: '1' }), { manager: 'm', now }))
    const entry: ManagedFieldsEntry = {
      manager: 'x',
      operation: 'Update',
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: {},
    }
    for (const wrong of [
      { operation: 'Patch' },
      { apiVersion: '' },
      { fieldsType: '' },
      { fieldsType: 'FieldsV2' },
      { fieldsV1: { bogus: {} } },
    ]) {
      const sent = [{ ...entry, ...wrong }]
      const after = configMaps.update(live, changed(live, { metadata: { ...live.metadata, managedFields: sent } }), {
        manager: 'm',
        now,
      })
      expect(after.metadata.managedFields).toEqual(live.metadata.managedFields)
    }
  })

  test('lets nobody gain what its resource resets', () => {
    const resetFields = new Map([['v1', includeFields(['spec', 'containers', anyElement, 'resources'])]])
    const resize = managerOf('core/v1', 'Pod', { subresource: 'resize', resetFields })
    const pod = (cpu: string, image: string): Thing =>
      deepFreeze({
        kind: 'Pod',
        apiVersion: 'v1',
        metadata: { name: 'p' },
        spec: { containers: [{ name: 'c', image, resources: { limits: { cpu } } }] },
      })
    const live = stored(managerOf('core/v1', 'Pod').update(undefined, pod('1', 'a'), { manager: 'm', now }))
    const next = changed(pod('2', 'b'), { metadata: live.metadata })
    const container = 'k:{"name":"c"}'
    expect(owners(resize.update(live, next, { manager: 'r', now }))).toEqual([
      [
        'm',
        'Update',
        {
          'f:spec': {
            'f:containers': {
              [container]: {
                '.': {},
                'f:image': {},
                'f:name': {},
                'f:resources': { '.': {}, 'f:limits': {} },
              },
            },
          },
        },
      ],
      [
        'r',
        'Update',
        { 'f:spec': { 'f:containers': { [container]: { 'f:resources': { 'f:limits': { 'f:cpu': {} } } } } } },
      ],
    ])
  })

  test('goes through without managedFields when fields can not be told, and says so', () => {
    const errors: unknown[] = []
    const accounts = managerOf('core/v1', 'ServiceAccount', { onError: (error) => errors.push(error) })
    const account = deepFreeze({
      kind: 'ServiceAccount',
      apiVersion: 'v1',
      metadata: { name: 's' },
      secrets: [{ namespace: 'x' }],
    })
    expect(accounts.update(undefined, account, { manager: 'm', now })).toBe(account)
    expect(errors).toEqual([
      expect.objectContaining({
        message:
          'failed to convert new object (/s; /v1, Kind=ServiceAccount) to smd typed: .secrets: element 0: associative list ' +
          'with keys has an element that omits all key fields ["name"] (and doesn\'t have default values for any key fields)',
      }),
    ])
  })

  test('drops managers of versions that are gone', () => {
    const entry = { manager: 'old', operation: 'Update', fieldsType: 'FieldsV1', fieldsV1: { 'f:data': { 'f:a': {} } } }
    const managedFields = [
      { ...entry, apiVersion: 'v1beta1' },
      { ...entry, apiVersion: 'v1', manager: 'kept' },
    ]
    const live = stored(configMap({ a: '1' }, { managedFields }))
    const after = configMaps.update(live, changed(live, { data: { a: '1', b: '2' } }), { manager: 'm', now })
    expect(owners(after)).toEqual([
      ['kept', 'Update', { 'f:data': { 'f:a': {} } }],
      ['m', 'Update', { 'f:data': { 'f:b': {} } }],
    ])
  })

  test('counts the last of several entries of one manager', () => {
    const entry = { manager: 'a', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1' }
    const managedFields = ['a', 'b'].map((name) => ({ ...entry, fieldsV1: { 'f:data': { [`f:${name}`]: {} } } }))
    const live = stored(configMap({ a: '1', b: '1' }, { managedFields }))
    expect(owners(configMaps.update(live, changed(live, { immutable: true }), { manager: 'm', now }))).toEqual([
      ['a', 'Update', { 'f:data': { 'f:b': {} } }],
      ['m', 'Update', { 'f:immutable': {} }],
    ])
  })

  test('lets nobody own managedFields', () => {
    const fieldsV1 = { 'f:data': { 'f:a': {} }, 'f:metadata': { 'f:labels': {}, 'f:managedFields': {} } }
    const entry = { manager: 'a', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1 }
    const live = stored(configMap({ a: '1' }, { labels: {}, managedFields: [entry] }))
    expect(owners(configMaps.update(live, changed(live, { immutable: true }), { manager: 'm', now }))).toEqual([
      ['a', 'Apply', { 'f:data': { 'f:a': {} }, 'f:metadata': { 'f:labels': {} } }],
      ['m', 'Update', { 'f:immutable': {} }],
    ])
  })

  test('sorts managers by operation, time, name, version and subresource', () => {
    const entry = (manager: string, more: object): ManagedFieldsEntry => ({
      manager,
      operation: 'Update',
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:data': { 'f:a': {} } },
      ...more,
    })
    const sorted = [
      entry('z', { operation: 'Apply', time: '2026-01-01T00:00:00Z' }),
      entry('n', {}),
      entry('early', { time: '2025-01-01T00:00:00Z' }),
      entry('a', { time: '2026-01-01T00:00:00Z' }),
      entry('a', { time: '2026-01-01T00:00:00Z', subresource: 'status' }),
      entry('b', { time: '2026-01-01T00:00:00Z' }),
    ]
    const live = stored(configMap({ a: '1' }, { managedFields: sorted.toReversed() }))
    const after = configMaps.update(live, changed(live, { data: { a: '1', b: '' } }), { manager: 'last', now })
    expect(after.metadata.managedFields?.slice(0, -1)).toEqual(sorted)
  })
})

describe('apply()', () => {
  const apply = (live: Thing | undefined, configuration: Json, manager = 'm', more: object = {}): Thing =>
    configMaps.apply(live, deepFreeze(configuration), { manager, now, ...more })
  const config = (data: { readonly [key: string]: string }, metadata: object = {}): Json => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c', ...metadata },
    data,
  })

  test('returns the live object itself when a configuration is applied again', () => {
    const live = stored(apply(undefined, config({ a: '1', b: '2' })))
    expect(apply(live, config({ b: '2', a: '1' }))).toBe(live)
    expect(apply(deepFreeze(JSON.parse(JSON.stringify(live)) as Thing), config({ a: '1', b: '2' }))).toEqual(live)
  })

  test('gives no time to who changes nothing, and keeps the time of who did before', () => {
    const live = stored(apply(undefined, config({ a: '1', b: '2' })))
    const shared = stored(apply(live, config({ a: '1' }), 'second'))
    expect(shared.metadata.managedFields?.map(({ manager, time }) => [manager, time])).toEqual([
      ['second', undefined],
      ['m', now],
    ])
    const less = apply(shared, config({ b: '2' }), 'm', { now: '2027-01-01T00:00:00Z' })
    expect(less.metadata.managedFields?.map(({ manager, time }) => [manager, time])).toEqual([
      ['second', undefined],
      ['m', now],
    ])
    expect(less['data']).toBe(shared['data'])
  })

  test('merges without touching what it was given, sharing what stays', () => {
    const live = stored(apply(undefined, config({ a: '1' }, { labels: { x: 'y' } })))
    const after = apply(live, config({ a: '2' }, { labels: { x: 'y' } }))
    expect(after['data']).toEqual({ a: '2' })
    expect(after.metadata.labels).toBe(live.metadata.labels)
  })

  test('finishes what it merged', () => {
    const finish = (merged: KubeObject): KubeObject => ({ ...merged, immutable: true }) as KubeObject
    const finishing = managerOf('core/v1', 'ConfigMap', { finish })
    expect(finishing.apply<Thing>(undefined, config({ a: '1' }), { manager: 'm', now })['immutable']).toBe(true)
  })

  test('lists conflicts in order of their owners', () => {
    const live = stored(apply(undefined, config({ a: '1', b: '1' }), 'zed'))
    const both = stored(
      configMaps.update(live, changed(live, { data: { a: '1', b: '1', c: '1', d: '1' } }), { manager: 'amy', now }),
    )
    expect(() => apply(both, config({ a: '2', b: '2', c: '2' }))).toThrow(
      'Apply failed with 3 conflicts: conflicts with "amy" using v1:\n- .data.c\nconflicts with "zed":\n- .data.a\n- .data.b',
    )
    expect(owners(apply(both, config({ a: '2', b: '2', c: '2' }), 'm', { force: true }))).toEqual([
      ['m', 'Apply', { 'f:data': { 'f:a': {}, 'f:b': {}, 'f:c': {} } }],
      ['amy', 'Update', { 'f:data': { 'f:d': {} } }],
    ])
  })

  test('refuses a live object whose managedFields can not be read', () => {
    const live = stored(
      configMap({ a: '1' }, { managedFields: [{ manager: 'x', operation: 'Update', apiVersion: 'v1' }] }),
    )
    expect(() => apply(live, config({ a: '1' }))).toThrow(
      'failed to decode managed fields: missing fieldsType in managed fields entry 0',
    )
  })

  test('fails to prune for who claims to own the version of the object', () => {
    const fieldsV1 = { 'f:apiVersion': {}, 'f:data': { 'f:a': {} } }
    const entry = { manager: 'm', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1 }
    const live = stored(configMap({ a: '1' }, { managedFields: [entry] }))
    expect(() => apply(live, config({ a: '1' }))).toThrow(
      'failed to prune fields: failed add back owned items: failed to convert pruned object at version v1: ' +
        "Object 'apiVersion' is missing in 'unstructured object has no version'",
    )
  })

  test('drops the annotation of client-side apply when there is no room for it', () => {
    const annotation = 'kubectl.kubernetes.io/last-applied-configuration'
    const live = stored(configMap({ a: '1' }, { annotations: { [annotation]: '{}', other: 'x' } }))
    const big = apply(live, config({ b: 'é'.repeat(131_073) }), 'kubectl')
    expect(big.metadata.annotations).toEqual({ other: 'x' })
    const small = apply(live, config({ b: '<' }, { annotations: { [annotation]: 'mine' } }), 'kubectl', { force: true })
    expect(small.metadata.annotations?.[annotation]).toBe(
      '{"apiVersion":"v1","data":{"b":"\\u003c"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"c"}}\n',
    )
  })
})

describe('with several versions', () => {
  const schema = (field: string): MergeSchema => ({
    type: 'object',
    properties: { spec: { type: 'object', properties: { [field]: { type: 'integer' }, note: { type: 'string' } } } },
  })
  const schemas: { readonly [version: string]: MergeSchema } = { 'x.io/v1': schema('old'), 'x.io/v2': schema('fresh') }
  const names: { readonly [version: string]: string } = { 'x.io/v1': 'old', 'x.io/v2': 'fresh' }
  const convert = (object: KubeObject, apiVersion: string): KubeObject | undefined => {
    const name = names[apiVersion]
    if (name === undefined) return undefined
    const { spec = {} } = object as KubeObject & { readonly spec?: { readonly [field: string]: Json } }
    const { [names[object.apiVersion ?? ''] ?? '']: value, ...others } = spec
    return {
      ...object,
      apiVersion,
      spec: { ...others, ...(value === undefined ? {} : { [name]: value }) },
    } as KubeObject
  }
  const options = (version: string): FieldManagerOptions => ({
    group: 'x.io',
    version,
    kind: 'Thing',
    typeOf: (of) => schemas[of] && mergeTypeOfSchema(schemas[of], { objectMeta: struct('meta/v1.ObjectMeta') }),
  })
  const thing = (version: string, spec: object): Thing =>
    deepFreeze({ apiVersion: `x.io/${version}`, kind: 'Thing', metadata: { name: 't', uid: 'u' }, spec })

  test('withConversions() waits for conversions and asks for each once', async () => {
    const asked: string[] = []
    const slowly = async (object: KubeObject, apiVersion: string): Promise<KubeObject | undefined> => {
      asked.push(`${object.apiVersion} to ${apiVersion}`)
      await Promise.resolve()
      return convert(object, apiVersion)
    }
    const run = <T>(version: string, operation: (manager: FieldManager) => T): Promise<T> =>
      withConversions(slowly, (ready) => operation(createFieldManager({ ...options(version), convert: ready })))

    const first = await run('v1', (manager) =>
      manager.apply<Thing>(undefined, thing('v1', { old: 1, note: 'a' }), { manager: 'm', now }),
    )
    expect(asked).toEqual([])
    const live = deepFreeze(convert(stored(first), 'x.io/v2') as Thing)
    const second = await run('v2', (manager) => manager.apply(live, thing('v2', { fresh: 1 }), { manager: 'm', now }))
    expect(second['spec']).toEqual({ fresh: 1 })
    expect(asked.length).toBeGreaterThan(2)
    await expect(
      run('v2', (manager) => manager.apply(live, thing('v2', { fresh: 2 }), { manager: 'n', now })),
    ).rejects.toThrow('Apply failed with 1 conflict: conflict with "m": .spec.old')
  })

  test('a conversion that fails ends an apply, and lets an update pass without managedFields', () => {
    const failing = createFieldManager({
      ...options('v2'),
      convert: () => {
        throw new Error('webhook is away')
      },
    })
    const v1 = createFieldManager(options('v1'))
    const live = deepFreeze(
      convert(stored(v1.apply<Thing>(undefined, thing('v1', { old: 1 }), { manager: 'm', now })), 'x.io/v2') as Thing,
    )
    expect(() => failing.apply(live, thing('v2', { note: 'b' }), { manager: 'n', now })).toThrow('webhook is away')
    expect(failing.update(live, live, { manager: 'n', now }).metadata.managedFields).toBeUndefined()
  })
})

test('fields reset by the resource are not even applied', () => {
  const resetFields = new Map([['v1', excludeFields(['status'])]])
  const pods = managerOf('core/v1', 'Pod', { resetFields })
  const configuration = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { nodeName: 'n' },
    status: { phase: 'x' },
  }
  const pod = pods.apply<Thing>(undefined, configuration, { manager: 'm', now })
  expect(owners(pod)).toEqual([['m', 'Apply', { 'f:spec': { 'f:nodeName': {} } }]])
})
