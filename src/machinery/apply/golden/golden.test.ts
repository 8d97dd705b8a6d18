import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { groupVersions, linkTypes } from '#api'
import type { Json, StructType } from '#api'
import type { ManagedFieldsEntry } from '#api/meta/v1'
import { deepFreeze } from '#base'
import { StatusError } from '../../errors/status-error.ts'
import type { KubeObject } from '../../meta/object.ts'
import { createFieldManager, deducedType, excludeFields, mergeTypeOf, mergeTypeOfSchema, zeroObject } from '../index.ts'
import type { FieldManagerOptions, MergeSchema, MergeType } from '../index.ts'

// Each line of the .jsonl files is one case: requests, one after another, against one object, and what they leave.

interface Step {
  readonly op: 'update' | 'apply'
  readonly manager: string
  readonly subresource?: string
  readonly version?: string
  readonly force?: boolean
  readonly now?: string
  /** The request comes after the schemas have changed to those of `later`. */
  readonly later?: boolean
  readonly next?: KubeObject
  readonly configuration?: Json
  /** What an apply merged, before it is made canonical. Absent when it changes nothing. */
  readonly merged?: KubeObject
  readonly object?: KubeObject
  readonly managedFields?: readonly ManagedFieldsEntry[] | null
  readonly error?: string | { readonly message: string; readonly code: number; readonly details?: unknown }
}

type Schemas = { readonly [version: string]: MergeSchema }

interface Case {
  readonly name: string
  readonly kind: string
  readonly apiVersion: string
  /** Schemas of a custom resource by version; `x.io` kinds without are free in form. */
  readonly schemas?: Schemas
  readonly later?: Schemas
  readonly renames?: readonly {
    readonly version: string
    readonly from: [string, string]
    readonly to: [string, string]
  }[]
  readonly resetFields?: { readonly [subresourceAndVersion: string]: readonly (readonly string[])[] }
  readonly steps: readonly Step[]
}

const types = linkTypes(groupVersions)
const struct = (name: string): StructType => types.get(name) as StructType
const cases = (file: string): Case[] =>
  readFileSync(new URL(`./${file}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case)

/** The object with one field of its spec under another name. */
function renamed(object: KubeObject, from: string, to: string): KubeObject {
  const { spec = {}, ...rest } = object as KubeObject & { readonly spec?: { readonly [field: string]: Json } }
  const { [from]: value, ...others } = spec
  return { ...rest, spec: value === undefined ? others : { ...others, [to]: value } } as KubeObject
}

function inVersion({ renames = [] }: Case, object: KubeObject, apiVersion: string): KubeObject {
  let converted = object
  for (const { version, from, to } of renames) {
    const [was, is] = [object.apiVersion === `x.io/${version}`, apiVersion === `x.io/${version}`]
    if (was && !is) converted = renamed(converted, to[1], from[1])
    if (is && !was) converted = renamed(converted, from[1], to[1])
  }
  return deepFreeze({ ...converted, apiVersion })
}

function optionsFor(golden: Case, step: Step): FieldManagerOptions {
  const apiVersion = step.version ?? golden.apiVersion
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  const resetFields = new Map<string, ReturnType<typeof excludeFields>>()
  for (const [key, paths] of Object.entries(golden.resetFields ?? {})) {
    const [subresource = '', of = ''] = key.split('|')
    if (subresource === (step.subresource ?? '')) resetFields.set(of, excludeFields(...paths))
  }
  const common = { group, version, kind: golden.kind, subresource: step.subresource ?? '', resetFields }
  if (group !== 'x.io') {
    const kind = struct(`${group === '' ? 'core' : group}/${version}.${golden.kind}`)
    const zero = zeroObject(kind, apiVersion) as unknown as KubeObject
    return { ...common, zero, typeOf: (of) => (of === apiVersion ? mergeTypeOf(kind) : undefined) }
  }
  const typeOf = (of: string): MergeType | undefined => {
    const schemas = step.later ? golden.later : golden.schemas
    const schema = schemas?.[of.slice('x.io/'.length)]
    if (schemas === undefined) return deducedType
    return schema && mergeTypeOfSchema(schema, { objectMeta: struct('meta/v1.ObjectMeta') })
  }
  return { ...common, typeOf, convert: (object, to) => inVersion(golden, object, to) }
}

/** Sets are written in order by built-in kinds; custom resources sort all their keys anyway. */
const textOf = (golden: Case, entries: unknown): unknown =>
  golden.apiVersion.startsWith('x.io') ? entries : JSON.stringify(entries)

function play(golden: Case): void {
  let live: KubeObject | undefined
  golden.steps.forEach((step, index) => {
    const options = optionsFor(golden, step)
    const before = live && inVersion(golden, live, step.version ?? golden.apiVersion)
    const context = { manager: step.manager, now: step.now ?? '', force: step.force === true }
    let after: KubeObject
    if (step.op === 'update') {
      after = createFieldManager(options).update(before, deepFreeze(step.next as KubeObject), context)
    } else {
      const finish = (merged: KubeObject): KubeObject => {
        const { managedFields: _, ...metadata } = merged.metadata
        expect({ ...merged, metadata }).toEqual(step.merged)
        return step.object as KubeObject
      }
      const manager = createFieldManager({ ...options, finish })
      const run = (): KubeObject => manager.apply(before, deepFreeze(step.configuration), context)
      if (step.error !== undefined) {
        expect(statusOf(run)).toMatchObject(
          typeof step.error === 'string' ? { message: step.error, code: 500 } : step.error,
        )
        return
      }
      after = run()
    }
    const { managedFields, ...metadata } = after.metadata
    expect(textOf(golden, managedFields ?? null)).toEqual(textOf(golden, step.managedFields))
    if (step.object !== undefined) expect({ ...after, metadata }).toEqual(step.object)
    live = deepFreeze({ ...after, metadata: { ...after.metadata, uid: 'uid-1', resourceVersion: `${index + 1}` } })
  })
}

function statusOf(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    if (error instanceof StatusError) return error.status
    throw error
  }
  return undefined
}

for (const file of ['deployment', 'core', 'custom']) {
  describe(file, () => {
    test.each(cases(file).map((golden) => [golden.name, golden] as const))('%s', (_, golden) => play(golden))
  })
}
