const units: { readonly [unit: string]: number } = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** Milliseconds of a duration as Gateway API writes it (GEP-2257): `1h30m`, `500ms`. */
export function durationOf(text: string): number {
  let total = 0
  for (const [, count, unit = ''] of text.matchAll(/(\d+)(h|ms|m|s)/g)) total += Number(count) * (units[unit] ?? 0)
  return total
}
