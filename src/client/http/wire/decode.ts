interface Decoded {
  readonly [field: string]: unknown
}

/** The value that JSON bytes are, `undefined` when they are no JSON. */
export function decodeObject(bytes: Buffer): unknown {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
  if (isRecord(value)) nameItems(value)
  return value
}

/**
 * Items of a list come without their kind: the list says it for all. Here each gets its own, since it goes its own way
 * from now on, and looks like the same object from a watch.
 */
function nameItems(list: Decoded): void {
  const { kind, apiVersion, items } = list
  if (typeof kind !== 'string' || !kind.endsWith('List') || kind === 'List' || !Array.isArray(items)) return
  const itemKind = kind.slice(0, -'List'.length)
  for (const item of items) {
    if (!isRecord(item) || item['kind'] !== undefined) continue
    const named = item as { kind?: unknown; apiVersion?: unknown }
    named.kind = itemKind
    named.apiVersion = apiVersion
  }
}

function isRecord(value: unknown): value is Decoded {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
