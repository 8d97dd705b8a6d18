import type { Field, StructType, Type } from '#api'
import { isAtomicList } from '../../../apply/types/builtin.ts'
import { setOwn } from './reader.ts'

/**
 * What becomes of a value in one form; the very same value where nothing changes, `undefined` to leave its field out. What
 * `base` has at the same place has that form already.
 */
type Rewrite = (value: unknown, base?: unknown) => unknown
type Record = { readonly [key: string]: unknown }

interface Plan {
  readonly position: number
  readonly rewrite: Rewrite | undefined
}

/**
 * The object as JSON shows it. In memory a list or map that was sent empty differs from one that was not sent, which
 * validation and defaults can tell; JSON leaves out the empty ones of fields that it leaves out when empty. Fields are in
 * declared order, keys of maps in order. The object is not changed; what is right is returned as it is.
 *
 * @param base an object that is right: what the object shares with it is not looked at.
 */
export function shownForm<T>(type: StructType, object: T, base?: unknown): T {
  return shown.ofStruct(type)(object, base) as T
}

/**
 * The object as owners of its fields are told by: {@link shownForm}, but for lists that are owned as a whole, whose items
 * are as they are in memory. Such lists are compared as upstream compares them, which tells what is empty in them from
 * what is not there.
 *
 * @param base an object that is right: what the object shares with it is not looked at.
 */
export function comparedForm<T>(type: StructType, object: T, base?: unknown): T {
  return compared.ofStruct(type)(object, base) as T
}

/**
 * The object as it comes back from the store: fields in declared order, keys of maps in order, no empty lists and maps
 * (null, in fields that are always shown).
 *
 * @param base an object from the store: what the object shares with it is not looked at.
 */
export function storedForm<T>(type: StructType, object: T, base?: unknown): T {
  return stored.ofStruct(type)(object, base) as T
}

interface FormOptions {
  /** A field that is always shown keeps an empty value. */
  readonly keepsShown: boolean
  /** Items of lists that are owned as a whole stay as they are. */
  readonly keepsItems: boolean
}

class Form {
  readonly #keepsShown: boolean
  readonly #keepsItems: boolean
  readonly #structs = new WeakMap<StructType, Rewrite>()

  constructor({ keepsShown, keepsItems }: FormOptions) {
    this.#keepsShown = keepsShown
    this.#keepsItems = keepsItems
  }

  ofStruct(type: StructType): Rewrite {
    let known = this.#structs.get(type)
    if (known === undefined) {
      known = type.data.customJSON === true ? this.#wrapper(type) : this.#struct(type)
      this.#structs.set(type, known)
    }
    return known
  }

  #struct(type: StructType): Rewrite {
    let plans: ReadonlyMap<string, Plan> | undefined
    return (value, base) => {
      if (typeof value !== 'object' || value === null) return value
      // Types may contain themselves: what is below is looked at when it is met.
      plans ??= this.#plansOf(type)
      const struct = value as Record
      const known = typeof base === 'object' ? (base as Record | null) : undefined
      let last = -1
      let ordered = true
      let changes: Map<string, unknown> | undefined
      for (const name in struct) {
        const plan = plans.get(name)
        if (plan === undefined) continue
        if (plan.position < last) ordered = false
        last = plan.position
        const before = struct[name]
        if (plan.rewrite === undefined || typeof before !== 'object' || before === null) continue
        const alike = known?.[name]
        if (alike === before) continue
        const after = plan.rewrite(before, alike)
        if (after !== before) (changes ??= new Map<string, unknown>()).set(name, after)
      }
      return ordered && changes === undefined ? struct : rebuilt(struct, changes, plans)
    }
  }

  #plansOf(type: StructType): ReadonlyMap<string, Plan> {
    const names = [...(type.hasTypeMeta ? ['kind', 'apiVersion'] : []), ...type.fields.map(({ name }) => name)]
    return new Map(
      names.map((name, position) => {
        const field = type.byName.get(name)
        return [name, { position, rewrite: field && this.#field(field) }]
      }),
    )
  }

  /** Schemas in the place of which there may be a list or a bool. */
  #wrapper(type: StructType): Rewrite {
    const schema = type.fields.find((field) => field.type.kind === 'struct')?.type
    if (schema?.kind !== 'struct') return (value) => value
    return (value) => (Array.isArray(value) ? value : this.ofStruct(schema)(value))
  }

  #field(field: Field): Rewrite | undefined {
    const { type, pointer, emit } = field
    const inner = this.#keepsItems && isAtomicList(field) ? undefined : this.#of(type)
    if (pointer || (type.kind !== 'list' && type.kind !== 'map')) return inner
    const always = emit === 'always'
    if (always && this.#keepsShown) return inner
    const instead = always ? null : undefined
    return (value, base) => (isEmpty(value) ? instead : inner === undefined ? value : inner(value, base))
  }

  #of(type: Type): Rewrite | undefined {
    if (type.kind === 'scalar') return undefined
    if (type.kind === 'struct') return this.ofStruct(type)
    const inner = type.kind === 'list' ? type.element : type.value
    const rewrite = inner.kind === 'list' && !this.#keepsShown ? emptyForNil : this.#of(inner)
    if (type.kind === 'map') return mapRewrite(rewrite)
    return rewrite === undefined ? undefined : listRewrite(rewrite)
  }
}

/** Lists within lists and maps come back empty. Those that there are hold nothing but scalars. */
const emptyForNil: Rewrite = (value) => value ?? []

const shown = new Form({ keepsShown: true, keepsItems: false })
const compared = new Form({ keepsShown: true, keepsItems: true })
const stored = new Form({ keepsShown: false, keepsItems: false })

/** The struct with some fields changed or, where the change is `undefined`, left out; fields are in declared order. */
function rebuilt(
  struct: Record,
  changes: ReadonlyMap<string, unknown> | undefined,
  plans: ReadonlyMap<string, Plan>,
): Record {
  const out: { [field: string]: unknown } = {}
  for (const name of plans.keys()) {
    const value = changes?.has(name) === true ? changes.get(name) : struct[name]
    if (value !== undefined) out[name] = value
  }
  for (const name in struct) if (!plans.has(name)) out[name] = struct[name]
  return out
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  for (const _ in value as object) return false
  return true
}

function listRewrite(rewrite: Rewrite): Rewrite {
  return (value, base) => {
    if (!Array.isArray(value)) return value
    const list: readonly unknown[] = value
    const known: readonly unknown[] | undefined = Array.isArray(base) ? base : undefined
    let out: unknown[] | undefined
    for (let i = 0; i < list.length; i++) {
      const alike = known?.[i]
      if (alike !== undefined && alike === list[i]) continue
      const after = rewrite(list[i], alike)
      if (after !== list[i]) (out ??= list.slice())[i] = after
    }
    return out ?? list
  }
}

/** Maps keep their keys in order. */
function mapRewrite(rewrite: Rewrite | undefined): Rewrite {
  return (value) => {
    const map = value as Record
    let previous = ''
    let ordered = true
    let out: { [key: string]: unknown } | undefined
    for (const key in map) {
      if (key < previous) ordered = false
      previous = key
      const after = rewrite === undefined ? map[key] : rewrite(map[key])
      if (after !== map[key]) setOwn((out ??= { ...map }), key, after)
    }
    return ordered ? (out ?? map) : inKeyOrder(out ?? map)
  }
}

function inKeyOrder(map: Record): Record {
  const out: { [key: string]: unknown } = {}
  for (const key of Object.keys(map).sort()) setOwn(out, key, map[key])
  return out
}
