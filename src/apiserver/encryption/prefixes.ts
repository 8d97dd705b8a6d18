import { aggregate, encodeText } from '#machinery'
import type { EncryptionMetrics } from './metrics.ts'
import type { Opened, Transformer, ValueContext } from './transformer.ts'

/** A transformer, and what its values begin with; nothing for those that are not sealed. */
export interface Prefixed {
  readonly prefix: string
  readonly transformer: Transformer
}

interface Row extends Prefixed {
  readonly bytes: Uint8Array
}

/** Several ways to seal, told apart by what values begin with. The first seals; all open. */
export class Prefixes implements Transformer {
  readonly #rows: readonly Row[]
  readonly #noMatch: string
  readonly #metrics: EncryptionMetrics

  /** @param noMatch says that a value has none of the prefixes. */
  constructor(rows: readonly Prefixed[], noMatch: string, metrics: EncryptionMetrics) {
    this.#rows = rows.map((row) => ({ ...row, bytes: encodeText(row.prefix) }))
    this.#noMatch = noMatch
    this.#metrics = metrics
  }

  /** Prefixes may occur twice, with other keys: one that fails does not keep the next from being tried. */
  open(sealed: Uint8Array, context: ValueContext): Opened {
    const metrics = this.#metrics
    const start = metrics.now()
    const failures: unknown[] = []
    for (let index = 0; index < this.#rows.length; index++) {
      const { bytes, prefix, transformer } = this.#rows[index] as Row
      if (!startsWith(sealed, bytes)) continue
      const name = prefix === '' ? 'identity' : prefix
      try {
        // What is not sealed is to stay the very value: whoever keeps it sees that there is nothing else to keep.
        const body = bytes.length === 0 ? sealed : sealed.subarray(bytes.length)
        const { plain, stale } = transformer.open(body, context)
        metrics.transformed(context.resource, 'from_storage', name, start)
        return { plain, stale: stale || index !== 0 }
      } catch (error) {
        if (prefix === '') continue
        metrics.transformed(context.resource, 'from_storage', name, start, error)
        failures.push(error)
      }
    }
    if (failures.length === 1) throw failures[0]
    if (failures.length > 1) throw new Error(aggregate(failures.map((error) => (error as Error).message)))
    const error = new Error(this.#noMatch)
    metrics.transformed(context.resource, 'from_storage', 'unknown', start, error)
    throw error
  }

  seal(plain: Uint8Array, context: ValueContext): Uint8Array {
    const metrics = this.#metrics
    const start = metrics.now()
    const { bytes, prefix, transformer } = this.#rows[0] as Row
    let sealed: Uint8Array
    try {
      sealed = transformer.seal(plain, context)
    } catch (error) {
      metrics.transformed(context.resource, 'to_storage', prefix, start, error)
      throw error
    }
    metrics.transformed(context.resource, 'to_storage', prefix, start)
    return bytes.length === 0 ? sealed : join(bytes, sealed)
  }

  prepare(sealed: Uint8Array): Promise<void> | undefined {
    let all: Promise<void> | undefined
    for (const { bytes, transformer } of this.#rows) {
      const wait = startsWith(sealed, bytes) ? transformer.prepare?.(sealed.subarray(bytes.length)) : undefined
      if (wait) all = all ? all.then(() => wait) : wait
    }
    return all
  }
}

export function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  if (bytes.length < prefix.length) return false
  for (let index = 0; index < prefix.length; index++) if (bytes[index] !== prefix[index]) return false
  return true
}

/** The parts, one behind the other. */
export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    all.set(part, offset)
    offset += part.length
  }
  return all
}
