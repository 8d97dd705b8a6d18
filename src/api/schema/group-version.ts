/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * Type of a field in the notation of the Go API types: a scalar (see {@link scalarNames}), a type of the same group
 * version (`DeploymentStrategy`), or one of another (`core/v1.PodSpec`); preceded by `*` (pointer: absent and zero
 * differ), `[]`, `map[string]`, or a sequence of these.
 */
export type TypeExpression = string

/** One field of a type: its JSON name is the key it is filed under. A key `...Name` inlines the struct `Name`. */
export interface FieldData {
  /** Field number on the protobuf wire; absent where the type has no message. An inlined struct with a number is a nested message. */
  readonly id?: number
  /** Absent for inlined structs, whose key names the type. */
  readonly type?: TypeExpression
  /** Name of the Go type where `type` does not tell it, as decoding errors print it: `v1.RestartPolicy`. */
  readonly goType?: string
  /** Listed under `required` in OpenAPI. Required fields are serialised even when zero, unless `emit` says otherwise. */
  readonly required?: true
  /** When JSON carries the field, where that differs from the rule (required: always; others: when not empty). */
  readonly emit?: 'always' | 'nonEmpty' | 'nonZero'
  /** Declared default, applied when the field is absent. Zero values of non-pointer fields are implied and not listed. */
  readonly default?: Json
  /** Closed set of values. */
  readonly enum?: readonly string[]
  /** Values the API defines for an open string type. */
  readonly values?: readonly string[]
  readonly listType?: 'atomic' | 'set' | 'map'
  /** Keys of a list of type `map`. */
  readonly keys?: readonly string[]
  readonly mapType?: 'atomic' | 'granular'
  /** Strategy of strategic merge patch: `merge`, `replace`, `retainKeys`, or a combination joined by commas. */
  readonly patch?: string
  readonly mergeKey?: string
  /** Name in the .proto file, where it differs from the JSON name. */
  readonly protoName?: string
  readonly discriminator?: true
  readonly unionMember?: true
  /** Name of the union of which exactly one member must be set. */
  readonly oneOf?: string
  /** Name of the union of which at most one member may be set. */
  readonly zeroOrOneOf?: string
  readonly nullable?: true
  /** Feature gate without which the field is dropped on write. */
  readonly gate?: string
  /** Declarative validation rules, by name. */
  readonly rules?: { readonly [rule: string]: Json }
}

/** One type: a struct with fields, or a named alias. */
export interface TypeData {
  /** The type carries `kind` and `apiVersion`. */
  readonly kind?: true
  /** A kind that exists in every group version (DeleteOptions, WatchEvent). */
  readonly everyGroup?: true
  /** `false`: not published in OpenAPI. */
  readonly openapi?: false
  /** `false`: the type has no protobuf message. */
  readonly proto?: false
  /** `atomic`: server-side apply owns values of this type as a whole. */
  readonly mapType?: 'atomic' | 'granular'
  readonly unions?: readonly {
    readonly discriminator?: string
    readonly members: { readonly [field: string]: string }
  }[]
  /** JSON form is not the struct itself (the `OrBool`, `OrArray` and `OrStringArray` schema wrappers). */
  readonly customJSON?: true
  /** A named list type; on the wire a message whose field 1 repeats the element. */
  readonly alias?: TypeExpression
  readonly fields?: { readonly [json: string]: FieldData }
}

/** A subresource: its verbs, and the kind it speaks where that differs from the parent's. */
export interface SubresourceData {
  readonly verbs: readonly string[]
  readonly kind?: string
  readonly kindGroup?: string
  readonly kindVersion?: string
  readonly enabledByDefault?: false
}

/** One resource, filed under its plural name. Its list kind is `<kind>List` with `metadata` = 1 and `items` = 2. */
export interface ResourceData {
  readonly kind: string
  readonly singular: string
  readonly clusterScoped?: true
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  /** Where not all eight of create, delete, deletecollection, get, list, patch, update, watch. */
  readonly verbs?: readonly string[]
  /** Type of the objects, where it lies in another group version. */
  readonly type?: TypeExpression
  readonly enabledByDefault?: false
  /** Group version objects are stored in, where it is another one. */
  readonly storageVersion?: string
  readonly storageVersionHash?: string
  readonly lifecycle?: { readonly introduced?: string; readonly deprecated?: string; readonly removed?: string }
  /** Field selector labels beyond `metadata.name` and `metadata.namespace`. */
  readonly fieldSelectors?: readonly string[]
  readonly subresources?: { readonly [name: string]: SubresourceData }
}

/** Everything the API says about one group and version: the single source for types, codecs, discovery and OpenAPI. */
export interface GroupVersionData {
  /** DNS name of the group; empty for the core group. */
  readonly group: string
  readonly version: string
  /** Place in discovery: higher groups, and within a group higher versions, come first. Absent where nothing is served. */
  readonly priority?: { readonly group: number; readonly version: number }
  /** An APIService may have another server answer in the place of this one. */
  readonly replaceable?: true
  /** Prefix of OpenAPI definition names. */
  readonly definitionPrefix: string
  readonly goPackage: string
  /** Package of the protobuf messages. */
  readonly protoPackage: string
  readonly resources: { readonly [plural: string]: ResourceData }
  readonly types: { readonly [name: string]: TypeData }
}

/** A part of a group version that is told in a file of its own. */
export interface GroupVersionPart {
  readonly resources?: GroupVersionData['resources']
  readonly types: GroupVersionData['types']
}
