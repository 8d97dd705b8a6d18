import { durationMillis } from '#machinery'

interface Source {
  readonly [field: string]: unknown
}

/** Reads fields of one object; `at` names it in errors. */
export class Reader {
  readonly #source: Source
  readonly #at: string
  readonly #read = new Set<string>()

  constructor(source: unknown, at: string) {
    if (source !== undefined && source !== null && (typeof source !== 'object' || Array.isArray(source))) {
      throw new TypeError(`read configuration: ${at === '' ? 'it' : at} is no object`)
    }
    this.#source = (source ?? {}) as Source
    this.#at = at
  }

  child(name: string): Reader {
    return new Reader(this.#value(name), this.#path(name))
  }

  text(name: string, otherwise = ''): string {
    return this.#typed(name, 'string', otherwise)
  }

  number(name: string, otherwise: number): number {
    return this.#typed(name, 'number', otherwise)
  }

  flag(name: string, otherwise: boolean): boolean {
    return this.#typed(name, 'boolean', otherwise)
  }

  /** Milliseconds of a duration; a duration of 0 means the default. */
  millis(name: string, otherwise: number): number {
    const text = this.text(name)
    if (text === '') return otherwise
    const value = durationMillis(text)
    return value === 0 ? otherwise : value
  }

  list(name: string): readonly unknown[] {
    const value = this.#value(name)
    if (value === undefined || value === null) return []
    if (!Array.isArray(value)) throw new TypeError(`read configuration: ${this.#path(name)} is no list`)
    return value
  }

  texts(name: string): readonly string[] {
    return this.list(name).map(String)
  }

  map(name: string): { readonly [key: string]: string } {
    const source = new Reader(this.#value(name), this.#path(name)).#source
    return Object.fromEntries(Object.entries(source).map(([key, value]) => [key, String(value)]))
  }

  lists(name: string): { readonly [key: string]: readonly string[] } {
    const source = this.child(name)
    return Object.fromEntries(Object.keys(source.#source).map((key) => [key, source.texts(key)]))
  }

  has(name: string): boolean {
    return this.#value(name) !== undefined && this.#value(name) !== null
  }

  /** Fields that nobody has asked for. */
  unread(): Source {
    return Object.fromEntries(Object.entries(this.#source).filter(([name]) => !this.#read.has(name)))
  }

  #value(name: string): unknown {
    this.#read.add(name)
    return this.#source[name]
  }

  #path(name: string): string {
    return this.#at === '' ? name : `${this.#at}.${name}`
  }

  #typed<T extends string | number | boolean>(name: string, type: string, otherwise: T): T {
    const value = this.#value(name)
    if (value === undefined || value === null) return otherwise
    if (typeof value !== type) {
      throw new TypeError(`read configuration: ${this.#path(name)} is a ${typeof value}, want a ${type}`)
    }
    return value as T
  }
}
