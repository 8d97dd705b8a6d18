import type { Draft, Json } from '#api'
import type { FieldPath, KubeObject } from '#machinery'
import type { ApiRequest, ApiResponse } from '#client'
import type { RequestContext } from '../request/context.ts'
import type { TableColumns } from '../table/columns.ts'
import type { ObjectType } from './object-type.ts'
import type { Strategy, UpdateRules } from './strategy.ts'

/** What is stored of a resource; every group and version that serves the resource shares it. */
export interface StoredResource {
  /** Group and plural name under which it is stored and first served. */
  readonly group: string
  readonly plural: string
  readonly namespaced: boolean
  /** Kind at the version that is stored. */
  readonly type: ObjectType
  /** Keys begin with this: `/registry/pods/`. */
  readonly prefix: string
  readonly strategy: Strategy
}

/** A resource as one group and version serves it. */
export interface Endpoint {
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly singular: string
  readonly kind: string
  readonly namespaced: boolean
  readonly verbs: ReadonlySet<string>
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly storageVersionHash?: string
  /** Labels that field selectors may use, besides name and namespace. */
  readonly fieldLabels: ReadonlySet<string>
  readonly type: ObjectType
  readonly columns: TableColumns
  /** Told to whoever uses the resource. */
  readonly deprecation?: string
  /** Annotations in which this version keeps what is elsewhere in the server; tables and metadata alone lack them. */
  readonly conversionAnnotations?: readonly string[]
  readonly subresources: ReadonlyMap<string, Subresource>
  /** Subresources that only this server has: they answer, and discovery and OpenAPI keep silent about them. */
  readonly unlisted?: ReadonlyMap<string, ConnectFunction>
  readonly backing: Backing
  /** How OpenAPI describes the kind of a custom resource; built-in kinds are described by their struct. */
  readonly definition?: CustomDefinition
}

/** Definitions of a custom resource in OpenAPI. */
export interface CustomDefinition {
  /** Of the kind, and of its list: `com.example.v1.Widget`. */
  readonly name: string
  readonly listName: string
  /** Schemas by the names of their definitions. */
  schemas(dialect: 'v2' | 'v3'): { readonly [definition: string]: Json }
}

/**
 * What stands behind an endpoint: stored objects, or a function (reviews, bindings) that answers a POST.
 */
export type Backing =
  | {
      readonly kind: 'stored'
      readonly resource: StoredResource
      /** Between this version and the stored one; the identity where they are the same. Drafts in, drafts out. */
      readonly toStorage: (draft: Draft<KubeObject>) => Draft<KubeObject>
      readonly fromStorage: (object: KubeObject) => KubeObject
      /** Has to be waited for before either is given these objects, where there is it: conversion asks somebody else. */
      readonly prepare?: (objects: readonly KubeObject[], to: 'storage' | 'request') => Promise<void>
      /** Both are the identity, so that stored bytes can be served as they are. */
      readonly sameVersion: boolean
    }
  | { readonly kind: 'create'; readonly create: CreateFunction }
  | {
      readonly kind: 'read'
      readonly get: (name: string, context: RequestContext) => KubeObject | undefined | Promise<KubeObject | undefined>
      readonly list: (context: RequestContext) => readonly KubeObject[] | Promise<readonly KubeObject[]>
    }

/** Answers a POST of an object that is not stored as sent. `name` is the one in the path, empty without. */
export type CreateFunction = (draft: Draft<KubeObject>, name: string, context: RequestContext) => Promise<KubeObject>

export type Subresource = {
  readonly name: string
  readonly verbs: ReadonlySet<string>
  readonly kind: string
  readonly group: string
  readonly version: string
} & (
  | {
      /** The same object under other rules: status, finalize, approval, resize, ephemeralcontainers. */
      readonly backing: 'update'
      readonly rules: UpdateRules<KubeObject>
      /** Answers can't be had as tables. */
      readonly isUntabled?: boolean
    }
  | { readonly backing: 'scale'; readonly scale: ScaleRules }
  | { readonly backing: 'create'; readonly type: ObjectType; readonly create: CreateFunction }
  | { readonly backing: 'connect'; readonly connect: ConnectFunction }
)

/** Answers a request that leaves the world of objects: logs, exec, proxies. `path` is what follows the subresource. */
export type ConnectFunction = (
  name: string,
  path: string,
  request: ApiRequest,
  context: RequestContext,
) => Promise<ApiResponse>

/** How a kind maps to `autoscaling/v1 Scale`. */
export interface ScaleRules {
  read(object: KubeObject): {
    /** `undefined` where the object does not say. */
    readonly specReplicas: number | undefined
    readonly statusReplicas: number
    readonly selector: string
  }
  /** Sets the wanted number of replicas. */
  write(draft: Draft<KubeObject>, replicas: number): void
  /** Path of the replicas field, for managed fields. */
  readonly replicasPath: FieldPath
  /** What errors call the replicas field. */
  readonly replicasName: string
}
