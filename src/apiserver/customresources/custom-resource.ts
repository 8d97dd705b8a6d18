import type { Draft } from '#api'
import type { CustomResourceDefinition, CustomResourceDefinitionVersion } from '#api/apiextensions/v1'
import { encodeBase64, internalError, plainJson, sha256Of } from '#machinery'
import type { KubeObject } from '#machinery'
import { compareVersions } from '../discovery/priorities.ts'
import type { Template } from '../json-path/node.ts'
import { parseJsonPath } from '../json-path/parse.ts'
import type { Endpoint, StoredResource, Subresource } from '../resource/resource.ts'
import { customColumns } from './columns.ts'
import type { ConvertObjects } from './conversion.ts'
import { CustomType } from './custom-type.ts'
import { customDefinition } from './definition.ts'
import { customScale } from './scale.ts'
import type { Schema } from './schema/schema.ts'
import { customStatusRules, customStrategy } from './strategy.ts'

const allVerbs = new Set(['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'])
const updateVerbs = new Set(['get', 'patch', 'update'])

/** One version of a custom resource, ready to serve. */
export interface CustomVersion {
  readonly definition: CustomResourceDefinitionVersion
  readonly schema: Schema | undefined
  readonly type: CustomType
  readonly selectable: readonly { readonly label: string; readonly path: Template }[]
}

/** A custom resource as its definition has it: what is stored, and one endpoint for each version that is served. */
export class CustomResource {
  readonly versions: ReadonlyMap<string, CustomVersion>
  readonly storage: CustomVersion
  readonly stored: StoredResource
  readonly endpoints: readonly Endpoint[]
  readonly #seen = new Map<CustomVersion, (stored: KubeObject) => KubeObject>()

  /** @param convert asks somebody else to convert; without it, versions differ in their name alone */
  constructor(crd: CustomResourceDefinition, convertObjects?: ConvertObjects) {
    const { spec } = crd
    const names = crd.status?.acceptedNames ?? spec.names
    this.versions = new Map(spec.versions.map((version) => [version.name, customVersion(crd, version)]))
    const storage = spec.versions.find((version) => version.storage) ?? spec.versions[0]
    this.storage = this.versions.get(storage?.name ?? '') as CustomVersion
    this.stored = {
      group: spec.group,
      plural: spec.names.plural,
      namespaced: spec.scope === 'Namespaced',
      type: this.storage.type,
      prefix: `/registry/${spec.group}/${spec.names.plural}/`,
      strategy: customStrategy(this),
    }
    this.endpoints = spec.versions
      .filter(({ served }) => served)
      .map((version) => this.#endpoint(crd, names, this.versions.get(version.name) as CustomVersion, convertObjects))
  }

  /** The version that a request speaks. */
  version(name: string): CustomVersion {
    return this.versions.get(name) ?? this.storage
  }

  /** A stored object as those who write a version find it, in the stored version: what they do not see, they do not keep. */
  seenBy(version: CustomVersion, stored: KubeObject): KubeObject {
    return this.#seen.get(version)?.(stored) ?? stored
  }

  #endpoint(
    crd: CustomResourceDefinition,
    names: CustomResourceDefinition['spec']['names'],
    version: CustomVersion,
    convertObjects: ConvertObjects | undefined,
  ): Endpoint {
    const { spec } = crd
    const { type, definition } = version
    const reader = this.#reader(crd, version)
    // What a webhook makes of an object is not known here.
    this.#seen.set(
      version,
      convertObjects ? (stored) => this.#read(stored) : (stored) => convert(reader(stored), this.storage.type),
    )
    const hash = sha256Of(`${spec.group}/${this.storage.definition.name}/${names.kind}`).slice(0, 8)
    return {
      group: spec.group,
      version: definition.name,
      plural: spec.names.plural,
      singular: names.singular ?? '',
      kind: names.kind,
      namespaced: spec.scope === 'Namespaced',
      verbs: allVerbs,
      shortNames: names.shortNames ?? [],
      categories: names.categories ?? [],
      storageVersionHash: encodeBase64(hash),
      fieldLabels: new Set(version.selectable.map(({ label }) => label)),
      type,
      columns: customColumns(definition.additionalPrinterColumns),
      subresources: this.#subresources(names.kind, spec.group, version),
      backing: {
        kind: 'stored',
        resource: this.stored,
        sameVersion: version === this.storage && this.#isUniform(crd),
        ...(convertObjects
          ? this.#preparedConversion(version, convertObjects)
          : {
              toStorage: (draft) => convert(draft, this.storage.type) as Draft<KubeObject>,
              fromStorage: reader,
            }),
      },
      definition: customDefinition(crd, version),
      ...(definition.deprecated ? { deprecation: deprecation(crd, version) } : {}),
    }
  }

  /** Whether everything that is stored is as any version of the definition would have it, but for the version's name. */
  #isUniform({ metadata }: CustomResourceDefinition): boolean {
    const isFirst = (metadata.generation ?? 1) === 1
    return isFirst && [...this.versions.values()].every((version) => sameSchema(version, this.storage))
  }

  #reader(crd: CustomResourceDefinition, version: CustomVersion): (object: KubeObject) => KubeObject {
    if (this.#isUniform(crd))
      return version === this.storage ? (object) => object : (object) => convert(object, version.type)
    const known = new WeakMap<KubeObject, KubeObject>()
    return (object) => {
      let read = known.get(object)
      if (!read) {
        const own = this.#read(object)
        const converted = convert(own, version.type)
        read = converted === own ? own : pruned(converted, version.type)
        known.set(object, read)
      }
      return read
    }
  }

  /** What was stored, as the version that it was stored as has it by now: pruned and defaulted. Mostly that changes nothing. */
  #read(object: KubeObject): KubeObject {
    const { type } = this.#versionOf(object)
    return type.keeps(object, { defaults: true }) ? object : type.applyDefaults(type.normalize(object).object)
  }

  #versionOf({ apiVersion = '' }: KubeObject): CustomVersion {
    return this.version(apiVersion.slice(apiVersion.indexOf('/') + 1))
  }

  /** Conversion by somebody else: what was not prepared can't be converted. */
  #preparedConversion(
    version: CustomVersion,
    convertObjects: ConvertObjects,
  ): Pick<Extract<Endpoint['backing'], { kind: 'stored' }>, 'toStorage' | 'fromStorage' | 'prepare'> {
    const stored = new WeakMap<object, Draft<KubeObject>>()
    const read = new WeakMap<object, KubeObject>()
    const outcomeOf = <T>(outcomes: WeakMap<object, T>, object: object): T => {
      const outcome = outcomes.get(object)
      if (outcome === undefined) throw internalError('the object was not converted')
      return outcome
    }
    return {
      toStorage: (draft) => outcomeOf(stored, draft),
      fromStorage: (object) => outcomeOf(read, object),
      prepare: async (objects, to) => {
        const { type } = to === 'storage' ? this.storage : version
        // Drafts change; what was read does not.
        const wanted = to === 'storage' ? objects : objects.filter((object) => !read.has(object))
        const apiVersion = `${type.group}/${type.version}`
        const ready = to === 'storage' ? wanted : wanted.map((object) => this.#read(object))
        const foreign = ready.filter((object) => object.apiVersion !== apiVersion)
        const converted = foreign.length === 0 ? [] : await convertObjects(foreign, apiVersion)
        const outcomes = new Map(foreign.map((object, index) => [object, converted[index]]))
        const found = to === 'storage' ? stored : read
        for (const [index, object] of ready.entries()) {
          const outcome = outcomes.get(object)
          const own = outcome ? type.normalize(outcome).object : (object as Draft<KubeObject>)
          found.set(wanted[index] as KubeObject, own)
        }
      },
    }
  }

  #subresources(kind: string, group: string, { definition }: CustomVersion): ReadonlyMap<string, Subresource> {
    const { status, scale } = definition.subresources ?? {}
    const found = new Map<string, Subresource>()
    const base = { verbs: updateVerbs }
    if (status) {
      const own = { ...base, name: 'status', kind, group, version: definition.name }
      found.set('status', { ...own, backing: 'update', rules: customStatusRules(this) })
    }
    if (scale) {
      const own = { ...base, name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1' }
      found.set('scale', { ...own, backing: 'scale', scale: customScale(scale) })
    }
    return found
  }
}

function customVersion(crd: CustomResourceDefinition, definition: CustomResourceDefinitionVersion): CustomVersion {
  const { spec } = crd
  const schema = definition.schema?.openAPIV3Schema as Schema | undefined
  return {
    definition,
    schema,
    type: new CustomType({
      group: spec.group,
      version: definition.name,
      kind: spec.names.kind,
      schema,
      preserveUnknownFields: spec.preserveUnknownFields === true,
    }),
    selectable: (definition.selectableFields ?? []).map(({ jsonPath }) => ({
      label: jsonPath.replace(/^\./, ''),
      path: parseJsonPath(`{${jsonPath}}`),
    })),
  }
}

function sameSchema(a: CustomVersion, b: CustomVersion): boolean {
  return plainJson(a.schema) === plainJson(b.schema)
}

/** What a version does not know is lost on the way to it; its defaults are for those who write it. */
function pruned(object: KubeObject, type: CustomType): KubeObject {
  return type.keeps(object, { defaults: false }) ? object : type.normalize(object).object
}

/** Without a webhook, versions differ in their name alone. */
function convert(object: KubeObject | Draft<KubeObject>, type: CustomType): KubeObject {
  const apiVersion = `${type.group}/${type.version}`
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion }
}

/** The warning for those who still use a version; by default it names a newer one, if there is any. */
function deprecation({ spec }: CustomResourceDefinition, { definition }: CustomVersion): string {
  if (definition.deprecationWarning !== undefined) return definition.deprecationWarning
  const { group, names, versions } = spec
  const text = `${group}/${definition.name} ${names.kind} is deprecated`
  const [newest] = versions
    .filter(
      ({ served, deprecated, name }) => served && !deprecated && compareVersions(group, name, definition.name) < 0,
    )
    .map(({ name }) => name)
    .sort((a, b) => compareVersions(group, a, b))
  return newest === undefined ? text : `${text}; use ${group}/${newest} ${names.kind}`
}
