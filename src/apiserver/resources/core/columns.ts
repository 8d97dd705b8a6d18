/** What the columns of several kinds of the core group have in common. */

/** `a=b,c=d` in order of key, `<none>` when there are none. */
export function labelsText(labels: { readonly [key: string]: string } | undefined): string {
  const text = Object.keys(labels ?? {})
    .sort()
    .map((key) => `${key}=${labels?.[key] ?? ''}`)
  return text.join(',') || '<none>'
}
