import type { Field, StructType, Type } from '#api'
import { setOwn } from './reader.ts'

/** What becomes of a value in one form; the very same value where nothing changes, `undefined` to leave its field out. */
type Rewrite = (value: unknown) => unknown
type Record = { readonly [key: string]: unknown }

/**
 * The object as JSON shows it. In memory a list or map that was sent empty differs from one that was not sent, which
 * validation and defaults can tell; JSON leaves out the empty ones of fields that it leaves out when empty. The object is
 * canonical and is not changed; it is returned as it is where nothing has to go.
 */
export function shownForm<T>(type: StructType, object: T): T {
  return (shown.ofStruct(type)?.(object) ?? object) as T
}

/** The object as it comes back from the store, which knows no empty lists and maps: fields that are always shown are null. */
export function storedForm<T>(type: StructType, object: T): T {
  return (stored.ofStruct(type)?.(object) ?? object) as T
}

class Form {
  /** Whether a field that is always shown keeps an empty value. */
  readonly #keepsShown: boolean
  readonly #structs = new WeakMap<StructType, { readonly rewrite: Rewrite | undefined }>()

  constructor(keepsShown: boolean) {
    this.#keepsShown = keepsShown
  }

  /** `undefined` when there is nothing to rewrite in any value of the type. */
  ofStruct(type: StructType): Rewrite | undefined {
    let known = this.#structs.get(type)
    if (known === undefined) {
      // Wrappers of schemas read themselves; their lists stay as they are.
      const bare = type.data.customJSON === true || !holdsContainers(type, new Set())
      known = { rewrite: bare ? undefined : this.#struct(type) }
      this.#structs.set(type, known)
    }
    return known.rewrite
  }

  #struct(type: StructType): Rewrite {
    let plans: readonly (readonly [name: string, rewrite: Rewrite])[] | undefined
    return (value) => {
      if (typeof value !== 'object' || value === null) return value
      // Types may contain themselves: what is below is looked at when it is met.
      plans ??= type.fields.flatMap((field) => {
        const rewrite = this.#field(field)
        return rewrite === undefined ? [] : [[field.name, rewrite] as const]
      })
      const struct = value as Record
      let out: { [field: string]: unknown } | undefined
      for (const [name, rewrite] of plans) {
        const before = struct[name]
        if (typeof before !== 'object' || before === null) continue
        const after = rewrite(before)
        if (after === before) continue
        out ??= { ...struct }
        if (after === undefined) delete out[name]
        else out[name] = after
      }
      return out ?? value
    }
  }

  #field({ type, pointer, emit }: Field): Rewrite | undefined {
    const inner = this.#of(type)
    if (pointer || (type.kind !== 'list' && type.kind !== 'map')) return inner
    const always = emit === 'always'
    if (always && this.#keepsShown) return inner
    const instead = always ? null : undefined
    return (value) => (isEmpty(value) ? instead : inner === undefined ? value : inner(value))
  }

  #of(type: Type): Rewrite | undefined {
    if (type.kind === 'scalar') return undefined
    if (type.kind === 'struct') return this.ofStruct(type)
    const inner = type.kind === 'list' ? type.element : type.value
    const rewrite = inner.kind === 'list' && !this.#keepsShown ? emptyForNil : this.#of(inner)
    if (rewrite === undefined) return undefined
    return type.kind === 'list' ? listRewrite(rewrite) : mapRewrite(rewrite)
  }
}

/** Lists within lists and maps come back empty. Those that there are hold nothing but scalars. */
const emptyForNil: Rewrite = (value) => value ?? []

const shown = new Form(true)
const stored = new Form(false)

function holdsContainers(type: Type, seen: Set<Type>): boolean {
  if (type.kind !== 'struct') return type.kind !== 'scalar'
  if (seen.has(type)) return false
  seen.add(type)
  return type.fields.some((field) => holdsContainers(field.type, seen))
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  for (const _ in value as object) return false
  return true
}

function listRewrite(rewrite: Rewrite): Rewrite {
  return (value) => {
    if (!Array.isArray(value)) return value
    const list: readonly unknown[] = value
    let out: unknown[] | undefined
    for (let i = 0; i < list.length; i++) {
      const after = rewrite(list[i])
      if (after !== list[i]) (out ??= list.slice())[i] = after
    }
    return out ?? list
  }
}

function mapRewrite(rewrite: Rewrite): Rewrite {
  return (value) => {
    const map = value as Record
    let out: { [key: string]: unknown } | undefined
    for (const key in map) {
      const after = rewrite(map[key])
      if (after !== map[key]) setOwn((out ??= { ...map }), key, after)
    }
    return out ?? value
  }
}
