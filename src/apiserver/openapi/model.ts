/** A parameter of an operation in its path or query. */
export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly type: 'string' | 'boolean' | 'integer'
}

export type Method = 'get' | 'put' | 'post' | 'delete' | 'options' | 'head' | 'patch'

/** A kind as `x-kubernetes-group-version-kind` names it. */
export interface KindName {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** What a request or an answer carries: an object by the name of its definition, or text. */
export type Content = { readonly definition: string } | 'text'

/** One operation, free of the differences between OpenAPI 2 and 3. */
export interface Operation {
  readonly method: Method
  readonly id: string
  readonly tag: string
  /** `x-kubernetes-action`; absent for what is no resource. */
  readonly action?: string
  readonly kind?: KindName
  readonly parameters: readonly Parameter[]
  readonly body?: { readonly definition: string; readonly required: boolean }
  /** Media types of the body. */
  readonly consumes: readonly string[]
  readonly produces: readonly string[]
  /** Successful answers, by status code. */
  readonly answers: { readonly [code: string]: Content }
}

/** A path with its operations. Parameters that all of them take stand at the path. */
export interface PathItem {
  readonly path: string
  readonly operations: readonly Operation[]
  readonly parameters: readonly Parameter[]
}

export const answerTexts: { readonly [code: string]: string } = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  401: 'Unauthorized',
}

/** Gathers the operations of one path. */
export function pathItem(path: string, own: readonly Parameter[], operations: readonly Operation[]): PathItem {
  const [first, ...rest] = operations
  const shared = (first?.parameters ?? []).filter((one) =>
    rest.every(({ parameters }) => parameters.some((other) => sameParameter(one, other))),
  )
  return {
    path,
    parameters: [...own, ...shared].sort(byName),
    operations: operations.map((operation) => ({
      ...operation,
      parameters: operation.parameters.filter((one) => !shared.some((other) => sameParameter(one, other))).sort(byName),
    })),
  }
}

function sameParameter(a: Parameter, b: Parameter): boolean {
  return a.name === b.name && a.in === b.in && a.type === b.type
}

function byName(a: Parameter, b: Parameter): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : a.in < b.in ? -1 : 1
}
