export type {
  FieldData,
  GroupVersionData,
  Json,
  ResourceData,
  SubresourceData,
  TypeData,
} from './schema/group-version.ts'
export { describedType, kindDescriptions, listDescription } from './schema/descriptions.ts'
export type { TypeDescription } from './schema/descriptions.ts'
export { groupVersions } from './groups/registry.ts'
export { linkTypes } from './schema/link.ts'
export type { TypeTable } from './schema/link.ts'
export type { Draft } from './schema/draft.ts'
export { apiVersionOf } from './schema/resource.ts'
export type { Resource } from './schema/resource.ts'
export { publishedDefault } from './schema/types.ts'
export type { Field, ListType, MapType, ScalarName, ScalarType, StructType, Type, WireField } from './schema/types.ts'
