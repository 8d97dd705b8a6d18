import type { ConfigMap } from '#api/core/v1'

/** What an object is after a write: its serial number, 0 when the write deleted it. */
type Serial = number

/**
 * What `writer.mjs` said it tried, and what the server acknowledged; knows from that what the server must hold.
 *
 * Each line is `try NAME SERIAL`, `ack NAME SERIAL REVISION`, `odd ...` for an answer that should not be, or `paused`.
 */
export class WriteLedger {
  /** By name: the state acknowledged last. */
  readonly #known = new Map<string, Serial>()
  /** By name: what was tried after that, with an outcome that nobody was told. */
  readonly #open = new Map<string, Serial>()
  readonly #odd: string[] = []
  #acknowledged = 0
  #highest = 0

  get acknowledged(): number {
    return this.#acknowledged
  }

  hear(line: string): void {
    const [word, name = '', serial, revision] = line.split(' ')
    if (word === 'try') this.#open.set(name, Number(serial))
    else if (word === 'ack') {
      this.#acknowledged++
      this.#open.delete(name)
      this.#settle(name, Number(serial))
      this.#highest = Math.max(this.#highest, Number(revision))
    } else if (word === 'odd') this.#odd.push(line)
  }

  /**
   * Compares with what the server lists while nobody writes. A write of unknown outcome counts from now on as what it
   * turned out to be.
   *
   * @returns everything that is wrong, in words.
   */
  check(items: readonly ConfigMap[], revision: number): string[] {
    const wrong = this.#odd.splice(0)
    if (revision < this.#highest) wrong.push(`the list is at revision ${revision}, after ${this.#highest}`)
    this.#highest = Math.max(this.#highest, revision)
    const listed = new Map(items.map((item) => [item.metadata.name ?? '', item]))
    for (const item of items) wrong.push(...halves(item, revision))
    if (listed.size !== items.length) wrong.push('an object is listed twice')
    if (new Set(items.map(({ metadata }) => metadata.resourceVersion)).size !== items.length) {
      wrong.push('two objects are of one revision')
    }
    for (const name of new Set([...this.#known.keys(), ...this.#open.keys(), ...listed.keys()])) {
      const found = serialOf(listed.get(name))
      const allowed = [this.#known.get(name) ?? 0, this.#open.get(name) ?? -1]
      if (!allowed.includes(found)) {
        wrong.push(`${name} is ${found}, was acknowledged as ${allowed[0]} and tried as ${allowed[1]}`)
      }
      this.#settle(name, found)
    }
    this.#open.clear()
    return wrong
  }

  /** What was deleted stays deleted: names are not used twice. */
  #settle(name: string, serial: Serial): void {
    if (serial === 0) this.#known.delete(name)
    else this.#known.set(name, serial)
  }
}

function serialOf(item: ConfigMap | undefined): Serial {
  return item ? Number(item.data?.['serial']) : 0
}

/** An object is of one write in all its parts. */
function halves({ metadata, data }: ConfigMap, revision: number): string[] {
  const { name = '', labels, uid, resourceVersion } = metadata
  const serial = data?.['serial'] ?? ''
  const isWhole =
    labels?.['serial'] === serial &&
    data?.['filling'] === `${name}/${serial};`.repeat(20 + (Number(serial) % 7) * 20) &&
    uid !== undefined &&
    Number(resourceVersion) <= revision
  return isWhole ? [] : [`${name} is half there: ${JSON.stringify({ metadata, data })}`]
}
