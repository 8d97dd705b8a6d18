/**
 * Seats endpoints at indexes 0 to n - 1. Whoever stays keeps its seat where that still exists, so that one endpoint more or
 * less changes two seats at most, however many there are.
 */
export function assignSlots<T>(
  previous: readonly T[],
  wanted: readonly T[],
  identity: (item: T) => string,
): readonly T[] {
  if (previous.length === 0) return wanted
  const rest = new Map(wanted.map((item) => [identity(item), item]))
  const slots: (T | undefined)[] = []
  for (let index = 0; index < wanted.length; index++) {
    const seated = previous[index]
    const key = seated === undefined ? undefined : identity(seated)
    const item = key === undefined ? undefined : rest.get(key)
    slots.push(item)
    if (key !== undefined) rest.delete(key)
  }
  const waiting = rest.values()
  return slots.map((item) => item ?? (waiting.next().value as T))
}
