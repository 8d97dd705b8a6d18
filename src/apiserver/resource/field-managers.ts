import type { Draft } from '#api'
import { copyJson } from '#base'
import {
  createFieldManager,
  excludeFields,
  managedFieldsAfterScale,
  managedFieldsOfScale,
  mergeTypeOf,
  zeroObject,
} from '#machinery'
import type { FieldFilter, FieldManager, KubeObject, MergeType, ReplicasPaths } from '#machinery'
import { builtinStruct } from './builtin-types.ts'
import { groupVersionOf } from './object-type.ts'
import type { Endpoint } from './resource.ts'
import { scaleType } from './scale-type.ts'
import type { ResourceTable } from './table.ts'

export type { FieldManager }

/** Field managers of one endpoint, by subresource. */
const managers = new WeakMap<Endpoint, Map<string, FieldManager>>()

/** The field manager of an endpoint, or of one of its subresources. */
export function fieldManagerOf(endpoint: Endpoint, subresource: string, resources: ResourceTable): FieldManager {
  let own = managers.get(endpoint)
  if (!own) {
    own = new Map()
    managers.set(endpoint, own)
  }
  let manager = own.get(subresource)
  if (!manager) {
    manager = create(endpoint, subresource, resources)
    own.set(subresource, manager)
  }
  return manager
}

/** Whether the fields of objects become others to be stored: those of custom objects are taken to stay as they are. */
function isConverted({ backing, subresources, type }: Endpoint, subresource: string): boolean {
  const whole = subresource === '' || subresources.get(subresource)?.backing === 'update'
  return whole && backing.kind === 'stored' && !backing.sameVersion && type.struct !== undefined
}

/** Fields are told by what comes back from conversion, which may keep some in annotations. */
function converted<T extends KubeObject>(endpoint: Endpoint, subresource: string, object: T): T {
  const { backing } = endpoint
  if (backing.kind !== 'stored' || !isConverted(endpoint, subresource)) return object
  return backing.fromStorage(backing.toStorage(copyJson(object) as Draft<KubeObject>)) as T
}

function create(endpoint: Endpoint, subresource: string, resources: ResourceTable): FieldManager {
  const own = endpoint.subresources.get(subresource)
  // Some subresources take a kind of their own.
  const subject = own?.backing === 'create' ? own : endpoint
  const { group, version, kind, type } = subject
  const apiVersion = groupVersionOf(subject)
  const reset = resetFieldsOf(endpoint, subresource)
  // Every version of a custom resource is written by rules of its own.
  const versions = type.struct
    ? resources.versionsOf(endpoint.group, endpoint.plural).map(groupVersionOf)
    : [apiVersion]
  return createFieldManager({
    group,
    version,
    kind,
    subresource,
    typeOf: (wanted) => (wanted === apiVersion ? type.mergeType : sibling(endpoint, wanted, resources)?.type.mergeType),
    convert(object, wanted) {
      const from = sibling(endpoint, object.apiVersion ?? '', resources) ?? endpoint
      return convert(from, sibling(endpoint, wanted, resources), object)
    },
    ...(type.struct ? { zero: zeroObject(type.struct, apiVersion) as KubeObject } : {}),
    ...(reset ? { resetFields: new Map(versions.map((version) => [version, reset])) } : {}),
    showsAll: type.struct !== undefined && !isConverted(endpoint, subresource),
    compared: (object, live) => type.compared(converted(endpoint, subresource, object), live),
    finish(merged) {
      return type.applyDefaults(type.assembled(merged))
    },
  })
}

/** The same resource in another version of its group. */
function sibling(endpoint: Endpoint, apiVersion: string, resources: ResourceTable): Endpoint | undefined {
  const slash = apiVersion.indexOf('/')
  const group = apiVersion.slice(0, Math.max(slash, 0))
  if (group !== endpoint.group) return undefined
  return resources.get(group, apiVersion.slice(slash + 1), endpoint.plural)
}

function convert(from: Endpoint, to: Endpoint | undefined, object: KubeObject): KubeObject | undefined {
  if (!to || from.backing.kind !== 'stored' || to.backing.kind !== 'stored') return undefined
  // Custom objects are taken to have the same fields in every version, whoever converts them.
  if (!to.type.struct) return { ...object, apiVersion: groupVersionOf(to) }
  // What is merged may lack what its type always has.
  const converted = to.backing.fromStorage(from.backing.toStorage(from.type.assembled(object)))
  // Whatever is left of an object, converted it shows all that its type always shows.
  return to.type.shown(to.type.normalize(converted).object)
}

function resetFieldsOf(endpoint: Endpoint, subresource: string): FieldFilter | undefined {
  const { backing, subresources, type } = endpoint
  // Whether others write the status of a custom object is up to its version.
  if (subresource === '' && !type.struct) return subresources.has('status') ? excludeFields(['status']) : undefined
  if (subresource === '') return backing.kind === 'stored' ? backing.resource.strategy.resetFields : undefined
  const found = subresources.get(subresource)
  return found?.backing === 'update' ? found.rules.resetFields : undefined
}

/** Managed fields of a resource as its scale shows them, and the way back. */
export interface ScaleManager {
  readonly manager: FieldManager
  ofScale(parent: KubeObject): KubeObject['metadata']['managedFields']
  afterScale(parent: KubeObject, scale: KubeObject): KubeObject['metadata']['managedFields']
}

export function scaleManagerOf(endpoint: Endpoint, resources: ResourceTable): ScaleManager {
  const apiVersion = groupVersionOf(endpoint)
  const paths: ReplicasPaths = new Map(
    resources.versionsOf(endpoint.group, endpoint.plural).map((version) => {
      const scale = version.subresources.get('scale')
      return [groupVersionOf(version), scale?.backing === 'scale' ? scale.scale.replicasPath : undefined]
    }),
  )
  const struct = builtinStruct('autoscaling/v1', 'Scale')
  const type: MergeType = mergeTypeOf(struct)
  return {
    manager: createFieldManager({
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      subresource: 'scale',
      typeOf: (wanted) => (wanted === 'autoscaling/v1' ? type : undefined),
      zero: zeroObject(struct, 'autoscaling/v1') as KubeObject,
      // The scale of a custom resource is read by the custom resource's own means.
      ...(endpoint.type.struct
        ? { finish: (merged: KubeObject) => scaleType().assembled(merged) }
        : { unconvertible: 'request to convert CR to an invalid group/version: autoscaling/v1' }),
    }),
    ofScale: ({ metadata }) => managedFieldsOfScale(metadata.managedFields ?? [], paths),
    afterScale: (parent, scale) =>
      managedFieldsAfterScale(
        parent.metadata.managedFields ?? [],
        scale.metadata.managedFields ?? [],
        apiVersion,
        paths,
      ),
  }
}
