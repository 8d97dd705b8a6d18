import { groupVersions } from '#api'
import type { ScalarName, StructType } from '#api'
import { builtinTypes } from '../resource/builtin-types.ts'
import type { JsonObject } from './json.ts'

/** The two dialects in which the API describes itself. */
export type Dialect = 'v2' | 'v3'

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'
const extensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1'

/** Definitions that stand for leaves of the API. */
const leafDefinitions: { readonly [scalar in ScalarName]?: string } = {
  time: `${meta}.Time`,
  microTime: `${meta}.MicroTime`,
  duration: `${meta}.Duration`,
  fieldsV1: `${meta}.FieldsV1`,
  quantity: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
  intOrString: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
  rawExtension: 'io.k8s.apimachinery.pkg.runtime.RawExtension',
  json: `${extensions}.JSON`,
}

/** Body of a PATCH, whatever its kind. */
export const patchDefinition: string = `${meta}.Patch`
export const versionDefinition = 'io.k8s.apimachinery.pkg.version.Info'

const timestamp = { type: 'string', format: 'date-time' }
const anything = { type: 'object' }

/** Definitions that no struct of the API data makes. */
const leafSchemas: { readonly [dialect in Dialect]: { readonly [definition: string]: JsonObject } } = {
  v2: {
    'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: 'string' },
    'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: 'string', format: 'int-or-string' },
  },
  v3: {
    'io.k8s.apimachinery.pkg.api.resource.Quantity': { oneOf: [{ type: 'string' }, { type: 'number' }] },
    'io.k8s.apimachinery.pkg.util.intstr.IntOrString': {
      format: 'int-or-string',
      oneOf: [{ type: 'integer' }, { type: 'string' }],
    },
  },
}

const commonLeaves: { readonly [definition: string]: JsonObject } = {
  [`${meta}.Time`]: timestamp,
  [`${meta}.MicroTime`]: timestamp,
  [`${meta}.Duration`]: { type: 'string' },
  [`${meta}.FieldsV1`]: anything,
  [patchDefinition]: anything,
  'io.k8s.apimachinery.pkg.runtime.RawExtension': anything,
  [`${extensions}.JSON`]: {},
}

/** The definition that a leaf refers to; `undefined` for those that are written out. */
export function leafDefinition(scalar: ScalarName): string | undefined {
  return leafDefinitions[scalar]
}

/** The schema of a definition that stands for a leaf; `undefined` when the name is another's. */
export function leafSchema(definition: string, dialect: Dialect): JsonObject | undefined {
  if (definition === versionDefinition) return versionSchema(dialect)
  return leafSchemas[dialect][definition] ?? commonLeaves[definition]
}

function versionSchema(dialect: Dialect): JsonObject {
  const always = ['major', 'minor', 'gitVersion', 'gitCommit', 'gitTreeState', 'buildDate', 'goVersion', 'compiler']
  always.push('platform')
  const sometimes = ['emulationMajor', 'emulationMinor', 'minCompatibilityMajor', 'minCompatibilityMinor']
  const properties: JsonObject = {}
  for (const name of [...always, ...sometimes].sort()) {
    const zero = dialect === 'v3' && always.includes(name)
    properties[name] = zero ? { type: 'string', default: '' } : { type: 'string' }
  }
  return { type: 'object', required: always, properties }
}

let structs: Map<string, StructType> | undefined

/** The struct that a definition describes. */
export function definedStruct(definition: string): StructType | undefined {
  if (!structs) {
    structs = new Map()
    for (const type of builtinTypes().values()) if (type.kind === 'struct') structs.set(type.definition, type)
  }
  return structs.get(definition)
}

let kinds: Map<string, StructType> | undefined

/** The struct of a kind. */
export function kindStruct(group: string, version: string, kind: string): StructType | undefined {
  if (!kinds) {
    kinds = new Map()
    for (const [place, data] of groupVersions) {
      for (const type of builtinTypes().values()) {
        if (type.kind === 'struct' && type.place === place && type.hasTypeMeta)
          kinds.set(`${data.group}/${data.version}/${type.name}`, type)
      }
    }
  }
  return kinds.get(`${group}/${version}/${kind}`)
}
