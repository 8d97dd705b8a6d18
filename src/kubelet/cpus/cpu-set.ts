/** Numbers of CPUs. */
export type CpuSet = ReadonlySet<number>

export const noCpus: CpuSet = new Set()

export function union(...sets: readonly CpuSet[]): CpuSet {
  return new Set(sets.flatMap((set) => [...set]))
}

/** What of `a` is not in `b`. */
export function difference(a: CpuSet, b: CpuSet): CpuSet {
  return new Set([...a].filter((cpu) => !b.has(cpu)))
}

export function intersection(a: CpuSet, b: CpuSet): CpuSet {
  return new Set([...a].filter((cpu) => b.has(cpu)))
}

export function isSameSet(a: CpuSet, b: CpuSet): boolean {
  return a.size === b.size && [...a].every((cpu) => b.has(cpu))
}

export function sorted(numbers: Iterable<number>): number[] {
  return [...numbers].sort((a, b) => a - b)
}

/** The kernel's list: `0-2,7`. */
export function formatCpuSet(set: CpuSet): string {
  const ranges: string[] = []
  let first: number | undefined
  let last: number | undefined
  const close = (): void => {
    if (first !== undefined) ranges.push(first === last ? String(first) : `${first}-${last}`)
  }
  for (const cpu of sorted(set)) {
    if (last === undefined || cpu !== last + 1) {
      close()
      first = cpu
    }
    last = cpu
  }
  close()
  return ranges.join(',')
}

/** Reads the kernel's list. @throws TypeError when it is none. */
export function parseCpuSet(text: string): CpuSet {
  const cpus = new Set<number>()
  if (text === '') return cpus
  for (const part of text.split(',')) {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? []
    if (from === undefined || Number(from) > Number(to)) {
      throw new TypeError(`parse CPU set: ${JSON.stringify(part)} is neither a number nor a range`)
    }
    for (let cpu = Number(from); cpu <= Number(to); cpu++) cpus.add(cpu)
  }
  return cpus
}
