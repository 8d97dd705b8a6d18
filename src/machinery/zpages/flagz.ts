import type { ZPage } from './page.ts'

/** `/flagz`: the command line of a component (KEP-4828). */
export function flagzPage(given: { readonly [flag: string]: string | undefined }): ZPage {
  const flags = Object.fromEntries(
    Object.entries(given)
      .map(([flag, value]) => [flag, value ?? ''] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
  return {
    name: 'flagz',
    kind: 'Flagz',
    lines: () => Object.entries(flags).map(([flag, value]) => `${flag}:${value}`),
    fields: () => ({ flags }),
  }
}
