import { groupVersions } from '#api'
import type { ScalarName, StructType } from '#api'
import { builtinTypes } from '../resource/builtin-types.ts'
import { sortedObject } from './json.ts'
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

/** What is to be read about leaves. */
const leafDescriptions: { readonly [definition: string]: string } = {
  [`${meta}.Time`]: 'A point in time in RFC 3339, to the second, such as 2006-01-02T15:04:05Z.',
  [`${meta}.MicroTime`]: 'A point in time in RFC 3339, to the microsecond, such as 2006-01-02T15:04:05.000000Z.',
  [`${meta}.Duration`]: 'A length of time, such as 1h30m or 500ms.',
  [`${meta}.FieldsV1`]:
    'A set of fields as a tree: f:NAME for a field, k:KEYS for an element of a list by its keys, v:VALUE for one by its value, i:INDEX for one by its place, and a dot for the field or element itself.',
  [patchDefinition]: 'A patch. Its content type says of which form it is.',
  'io.k8s.apimachinery.pkg.api.resource.Quantity':
    'An amount: a decimal number, and a suffix for what it is multiplied with (n, u, m, k, M, G, T, P, E, or Ki, Mi, Gi, Ti, Pi, Ei for powers of 1024) or an exponent such as e3.',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'A whole number or a text, such as 8080 or http, 3 or 25%.',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'An object of any kind, as JSON.',
  [`${extensions}.JSON`]: 'Any JSON value.',
}

/** The definition that a leaf refers to; `undefined` for those that are written out. */
export function leafDefinition(scalar: ScalarName): string | undefined {
  return leafDefinitions[scalar]
}

/** The schema of a definition that stands for a leaf; `undefined` when the name is another's. */
export function leafSchema(definition: string, dialect: Dialect): JsonObject | undefined {
  if (definition === versionDefinition) return versionSchema(dialect)
  const schema = leafSchemas[dialect][definition] ?? commonLeaves[definition]
  const description = leafDescriptions[definition]
  return schema && description !== undefined ? { description, ...schema } : schema
}

/** What a server always tells of its version. */
const always = {
  major: 'First number of the version.',
  minor: 'Second number of the version.',
  gitVersion: 'The whole version, such as v1.36.2.',
  gitCommit: 'Commit that the server was built from.',
  gitTreeState: 'Whether there were changes besides that commit: clean or dirty.',
  buildDate: 'When the server was built.',
  goVersion: 'Version of Go that the server was built with; none where it is of another language.',
  compiler: 'Compiler that the server was built with.',
  platform: 'Operating system and architecture that the server runs on, such as linux/amd64.',
}

/** What it tells besides, where it behaves as another version than it is. */
const sometimes = {
  emulationMajor: 'First number of the version that the server behaves as.',
  emulationMinor: 'Second number of the version that the server behaves as.',
  minCompatibilityMajor: 'First number of the oldest version that the server stays compatible with.',
  minCompatibilityMinor: 'Second number of the oldest version that the server stays compatible with.',
}

function versionSchema(dialect: Dialect): JsonObject {
  const properties: [string, JsonObject][] = []
  for (const [name, description] of Object.entries({ ...always, ...sometimes })) {
    const zero = dialect === 'v3' && name in always
    properties.push([name, { description, type: 'string', ...(zero ? { default: '' } : {}) }])
  }
  const description = 'Version of a server.'
  return { description, type: 'object', required: Object.keys(always), properties: sortedObject(properties) }
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
