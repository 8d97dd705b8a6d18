/** Labels as tables show them, by the order of what is written: `a/b=c,a=b`; `<none>` without any. */
export function formatLabels(labels: { readonly [key: string]: string } | undefined): string {
  const pairs = Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
  return pairs.length === 0 ? '<none>' : pairs.join(',')
}

/** The first three of a list, and how many there are besides; `empty` for none. */
export function firstThree(items: readonly string[], empty: string): string {
  const shown = items.slice(0, 3).join(',')
  if (items.length > 3) return `${shown} + ${items.length - 3} more...`
  return shown === '' ? empty : shown
}

/** `True` or `False`; `<unset>` when it is open. */
export function formatBool(value: boolean | null | undefined): string {
  if (value === undefined || value === null) return '<unset>'
  return value ? 'True' : 'False'
}
