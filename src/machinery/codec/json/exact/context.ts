import { JsonError } from '../error.ts'

/** A value is not of the Go type it should be: `json: cannot unmarshal string into Go struct field ...`. */
export class TypeMismatch extends JsonError {
  /** Kind of the value, with the text of numbers that don't fit: `string`, `number 1.5`. */
  readonly what: string
  readonly goType: string
  /** Names of the fields on the way. */
  readonly fields: readonly string[]

  constructor(what: string, goType: string, struct: string | undefined, fields: readonly string[]) {
    const where =
      struct === undefined && fields.length === 0 ? 'value' : `struct field ${struct ?? ''}.${fields.join('.')}`
    super(`json: cannot unmarshal ${what} into Go ${where} of type ${goType}`)
    this.what = what
    this.goType = goType
    this.fields = fields
  }
}

/** Where in the Go types the decoder is: the struct whose field is being read, and the fields that led there. */
export class Context {
  #struct: string | undefined
  readonly #fields: string[] = []
  #saved: JsonError | undefined

  /** The first error that did not end decoding. */
  get saved(): JsonError | undefined {
    return this.#saved
  }

  /** Reads a field of a struct that is `embedded` steps of embedding away. */
  inField<T>(struct: string, embedded: readonly string[], field: string, read: () => T): T {
    const outer = this.#struct
    const depth = this.#fields.length
    this.#struct = struct
    this.#fields.push(...embedded, field)
    const result = read()
    this.#fields.length = depth
    this.#struct = outer
    return result
  }

  mismatch(what: string, goType: string, inner: readonly string[] = []): TypeMismatch {
    return new TypeMismatch(what, goType, this.#struct, [...this.#fields, ...inner])
  }

  save(error: JsonError): void {
    this.#saved ??= error
  }
}
