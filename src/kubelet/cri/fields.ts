/** Drops the fields whose value says nothing, so that records carry what the runtime said and no more. */
export function present<T extends object>(record: T): T {
  return only(record, (value) => value !== undefined && value !== '')
}

/** Drops numbers that are zero as well: CRI can't tell them from absent ones. */
export function nonZero<T extends object>(record: T): T {
  return only(record, (value) => value !== undefined && value !== '' && value !== 0)
}

function only<T extends object>(record: T, says: (value: unknown) => boolean): T {
  const kept: { [name: string]: unknown } = {}
  for (const [name, value] of Object.entries(record)) if (says(value)) kept[name] = value
  return kept as T
}
