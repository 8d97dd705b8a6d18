import type { KubeObject } from '#machinery'

/** A column of `kubectl get`. Priority above 0: only in wide output. */
export interface TableColumn {
  readonly name: string
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date'
  readonly format?: string
  readonly description?: string
  readonly priority?: number
}

export interface TableRowCells {
  readonly cells: readonly (string | number | bigint | boolean | null)[]
  readonly conditions?: readonly {
    readonly type: string
    readonly status: string
    readonly reason?: string
    readonly message?: string
  }[]
}

/** How a resource prints. `now` is milliseconds since 1970, for ages. */
export interface TableColumns {
  readonly columns: readonly TableColumn[]
  row(this: void, object: KubeObject, now: number): TableRowCells
  /** Order of the rows of a list, where it is not that of the keys. */
  order?(this: void, one: KubeObject, other: KubeObject): number
}

/** Takes columns of one type as those of any object. */
export function tableColumns<T extends KubeObject>(
  columns: readonly TableColumn[],
  row: (object: T, now: number) => TableRowCells,
  order?: (one: T, other: T) => number,
): TableColumns {
  return { columns, row, ...(order && { order }) }
}
