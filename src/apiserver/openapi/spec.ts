import { stepByStep } from '#base'
import type { Clock, Pause, Steps } from '#base'
import { encodeText, sha512Hex } from '#machinery'
import { orderedGroups } from '../discovery/documents.ts'
import type { Endpoint } from '../resource/resource.ts'
import type { ResourceTable } from '../resource/table.ts'
import { describeV2, describeV3, isCustom } from './describe.ts'
import type { Part } from './describe.ts'
import { encodeGnostic } from './gnostic/encode.ts'
import { messagesV2 } from './gnostic/messages-v2.ts'
import { messagesV3 } from './gnostic/messages-v3.ts'
import { jsonText } from './json.ts'
import { standalone } from './other-paths.ts'
import type { Place } from './schemas.ts'

export type SpecFormat = 'json' | 'protobuf'

/** Documents are large, quick to make and seldom asked for: no more of them than this is kept, in bytes. */
const keptBytes = 4 * 1024 * 1024

/** One state of a document. */
export interface Spec {
  /** `v2`, or the name of the part that it describes. */
  readonly name: string
  /** What it is made of. */
  readonly parts: readonly Part[]
  /** Tells this state from others. */
  readonly etag: string
  /** Since when the document is so, in milliseconds since 1970. */
  readonly since: number
}

/** A state that is being made. */
interface Making {
  readonly parts: readonly Part[]
  readonly spec: Promise<Spec>
}

/**
 * The API's description of itself, made from the resource table when somebody asks: step by step, as whoever asks first
 * lets others have their turn.
 */
export class Specs {
  readonly #resources: ResourceTable
  readonly #clock: Clock
  readonly #specs = new Map<string, Spec>()
  readonly #making = new Map<string, Making>()
  readonly #kept = new Map<string, Uint8Array>()
  readonly #encoding = new Map<string, Promise<Uint8Array>>()
  #size = 0
  #names: { readonly generation: number; readonly names: ReadonlyMap<string, Place | undefined> } | undefined

  constructor(resources: ResourceTable, clock: Clock) {
    this.#resources = resources
    this.#clock = clock
  }

  /** Names of the OpenAPI 3 documents: `apis/apps/v1`. */
  names(): Iterable<string> {
    return this.#places().keys()
  }

  has(name: string): boolean {
    return name === 'v2' || this.#places().has(name)
  }

  /** A document as it is now. */
  async spec(name: string, pause: Pause): Promise<Spec> {
    const parts = this.#parts(name)
    const known = this.#specs.get(name)
    if (known && sameParts(known.parts, parts)) return known
    const making = this.#making.get(name)
    if (making && sameParts(making.parts, parts)) return making.spec
    const spec = this.#make(name, parts, pause)
    const own = { parts, spec }
    this.#making.set(name, own)
    try {
      return await spec
    } finally {
      if (this.#making.get(name) === own) this.#making.delete(name)
    }
  }

  async bytes(spec: Spec, format: SpecFormat, pause: Pause): Promise<Uint8Array> {
    const key = `${spec.etag} ${format}`
    const kept = this.#kept.get(key)
    if (kept) {
      // What was asked for last goes last.
      this.#kept.delete(key)
      this.#kept.set(key, kept)
      return kept
    }
    const others = this.#encoding.get(key)
    if (others) return others
    const encoding = Promise.resolve(stepByStep(encoded(spec, format), pause))
    this.#encoding.set(key, encoding)
    try {
      const bytes = await encoding
      this.#keep(key, bytes)
      return bytes
    } finally {
      this.#encoding.delete(key)
    }
  }

  async #make(name: string, parts: readonly Part[], pause: Pause): Promise<Spec> {
    const bytes = await stepByStep(encoded({ name, parts }, 'json'), pause)
    const etag = (await stepByStep(sha512Hex(bytes), pause)).toUpperCase()
    const spec = { name, parts, etag, since: this.#clock.now() }
    this.#specs.set(name, spec)
    this.#keep(`${etag} json`, bytes)
    return spec
  }

  #keep(key: string, bytes: Uint8Array): void {
    this.#forget(key)
    this.#kept.set(key, bytes)
    this.#size += bytes.length
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= keptBytes || oldest === key) return
      this.#forget(oldest)
    }
  }

  #forget(key: string): void {
    this.#size -= this.#kept.get(key)?.length ?? 0
    this.#kept.delete(key)
  }

  #places(): ReadonlyMap<string, Place | undefined> {
    const { generation } = this.#resources
    if (this.#names?.generation === generation) return this.#names.names
    const names = new Map<string, Place | undefined>()
    for (const name of Object.keys(standalone)) names.set(name, undefined)
    names.set('api', undefined)
    names.set('api/v1', { group: '', version: 'v1' })
    for (const { name: group, versions } of orderedGroups(this.#resources)) {
      const served = versions.filter((version) => this.#resources.hasVersion(group, version))
      const custom = served.every((version) => isCustom(this.#resources.list(group, version)))
      if (!custom) names.set(`apis/${group}`, undefined)
      for (const version of served) names.set(`apis/${group}/${version}`, { group, version })
    }
    const sorted = new Map([...names].sort(([a], [b]) => (a < b ? -1 : 1)))
    this.#names = { generation, names: sorted }
    return sorted
  }

  /** What a document is made of, as it is now. */
  #parts(name: string): readonly Part[] {
    if (name !== 'v2') return [this.#part(name, this.#places().get(name))]
    return Array.from(this.#places(), ([part, place]) => this.#part(part, place))
  }

  #part(name: string, place: Place | undefined): Part {
    if (!place) return { name, endpoints: none }
    return { name, place, endpoints: this.#resources.list(place.group, place.version) }
  }
}

const none: readonly Endpoint[] = []

function* encoded({ name, parts }: Pick<Spec, 'name' | 'parts'>, format: SpecFormat): Steps<Uint8Array> {
  const [first] = parts
  const document = name === 'v2' || !first ? yield* describeV2(parts) : yield* describeV3(first)
  if (format === 'json') return encodeText(yield* jsonText(document))
  return yield* encodeGnostic(name === 'v2' ? messagesV2 : messagesV3, document)
}

function sameParts(a: readonly Part[], b: readonly Part[]): boolean {
  return sameElements(a, b, (one, other) => one.name === other.name && sameElements(one.endpoints, other.endpoints))
}

function sameElements<T>(
  a: readonly T[],
  b: readonly T[],
  same: (one: T, other: T) => boolean = (one, other) => one === other,
): boolean {
  return a.length === b.length && a.every((element, index) => same(element, b[index] as T))
}
