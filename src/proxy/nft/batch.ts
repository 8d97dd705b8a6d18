/** Commands of one transaction on one table, in an order in which each finds what it needs. */
export class Batch {
  readonly #to: string
  readonly #maps: string[] = []
  readonly #chains: string[] = []
  readonly #flushes: string[] = []
  readonly #rules: string[] = []
  readonly #clears: string[] = []
  readonly #removed = new Map<string, string[]>()
  readonly #added = new Map<string, string[]>()
  readonly #last: string[] = []

  /** @param to family and name of the table. */
  constructor(to: string) {
    this.#to = to
  }

  addMap(name: string, declaration: string): void {
    this.#maps.push(`add map ${this.#to} ${name} { ${declaration} }`)
  }

  addSet(name: string, declaration: string): void {
    this.#maps.push(`add set ${this.#to} ${name} { ${declaration} }`)
  }

  /** Takes all elements out of a set, before others come in. */
  clearSet(name: string): void {
    this.#clears.push(`flush set ${this.#to} ${name}`)
  }

  /** Creates a chain, or rewrites it. */
  setChain(name: string, rules: readonly string[]): void {
    this.#chains.push(`add chain ${this.#to} ${name}`)
    this.#flushes.push(`flush chain ${this.#to} ${name}`)
    for (const rule of rules) this.#rules.push(`add rule ${this.#to} ${name} ${rule}`)
  }

  /** Empties a chain that nothing leads to any more. */
  emptyChain(name: string): void {
    this.#last.push(`flush chain ${this.#to} ${name}`)
  }

  /** Removes a map that no rule uses any more. */
  deleteMap(name: string): void {
    this.#last.push(`delete map ${this.#to} ${name}`)
  }

  /** The same for sets. */
  deleteSet(name: string): void {
    this.#last.push(`delete set ${this.#to} ${name}`)
  }

  removeElement(name: string, element: string): void {
    push(this.#removed, name, element)
  }

  addElement(name: string, element: string): void {
    push(this.#added, name, element)
  }

  toString(): string {
    const lines = [...this.#maps, ...this.#chains, ...this.#flushes, ...this.#rules, ...this.#clears]
    for (const [name, elements] of this.#removed) this.#elements(lines, 'delete', name, elements)
    for (const [name, elements] of this.#added) this.#elements(lines, 'add', name, elements)
    lines.push(...this.#last)
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`
  }

  /** The kernel takes large messages in many parts; nft handles a few hundred elements per command best. */
  #elements(lines: string[], verb: string, name: string, elements: readonly string[]): void {
    for (let start = 0; start < elements.length; start += 500) {
      const part = elements.slice(start, start + 500).join(', ')
      lines.push(`${verb} element ${this.#to} ${name} { ${part} }`)
    }
  }
}

function push(lists: Map<string, string[]>, name: string, item: string): void {
  const list = lists.get(name)
  if (list) list.push(item)
  else lists.set(name, [item])
}
