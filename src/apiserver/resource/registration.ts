import type { Draft } from '#api'
import type { KubeObject } from '#machinery'
import type { TableColumns } from '../table/columns.ts'
import type { ConnectFunction, CreateFunction, ScaleRules } from './resource.ts'
import type { Strategy, UpdateRules } from './strategy.ts'

/** What code adds to the data of one resource in one group version. */
export interface ResourceRegistration {
  /** Where its data stands: `apps/v1`. */
  readonly place: string
  readonly plural: string
  readonly strategy?: Strategy
  /** Defaults of this version that depend on more than the field itself, applied in place. */
  readonly defaults?: (draft: Draft<KubeObject>, base?: KubeObject) => void
  readonly columns?: TableColumns
  /** Rules of subresources that are the object itself under other rules. `status` has rules of its own accord. */
  readonly updates?: { readonly [subresource: string]: UpdateRules<KubeObject> }
  /** Those of them whose answers can't be had as tables. */
  readonly untabled?: readonly string[]
  readonly scale?: ScaleRules
  /** Subresources that take another kind and answer a POST. */
  readonly creates?: { readonly [subresource: string]: CreateFunction }
  /** Defaults of the kinds those take, applied in place. */
  readonly bodyDefaults?: { readonly [subresource: string]: (draft: Draft<KubeObject>) => void }
  readonly connects?: { readonly [subresource: string]: ConnectFunction }
  /** Subresources that upstream does not have. */
  readonly unlisted?: { readonly [subresource: string]: ConnectFunction }
  /** The resource is not stored: a POST is answered by this. */
  readonly create?: CreateFunction
  /** The resource is not stored: it is computed. */
  readonly read?: {
    readonly get: (
      name: string,
      context: Parameters<CreateFunction>[2],
    ) => KubeObject | undefined | Promise<KubeObject | undefined>
    readonly list: (context: Parameters<CreateFunction>[2]) => readonly KubeObject[] | Promise<readonly KubeObject[]>
  }
  /** The resource is stored as another group version has it. */
  readonly storedAs?: {
    readonly place: string
    readonly plural: string
    readonly toStorage: (draft: Draft<KubeObject>) => Draft<KubeObject>
    readonly fromStorage: (object: KubeObject) => KubeObject
  }
  /** Told to whoever uses the resource. */
  readonly deprecation?: string
  /** Annotations in which this version keeps what is elsewhere in the server; tables and metadata alone lack them. */
  readonly conversionAnnotations?: readonly string[]
  /** Why what these say can't be read; `undefined` when it can. */
  readonly conversionProblem?: (object: KubeObject) => string | undefined
  /** Where keys differ from `/registry/<plural>/`. */
  readonly prefix?: string
}

/** Takes defaults of one type as those of any object. */
export function defaults<T extends KubeObject>(
  apply: (draft: Draft<T>, base?: T) => void,
): (draft: Draft<KubeObject>, base?: KubeObject) => void {
  return apply as (draft: Draft<KubeObject>) => void
}

/** Takes a function that answers one kind as one for any object. */
export function answers<T extends KubeObject>(
  answer: (object: T, name: string, context: Parameters<CreateFunction>[2]) => Promise<KubeObject>,
): CreateFunction {
  return answer as CreateFunction
}
