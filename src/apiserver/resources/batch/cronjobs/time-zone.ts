import { invalidValue, named } from '#machinery'
import type { FieldError, Path } from '#machinery'

const part = /^[A-Za-z.\-_0-9+]{1,14}$/

/** A time zone of the IANA database, by its name. */
export function validateTimeZone(zone: string | undefined, at: Path): readonly FieldError[] {
  if (zone === undefined) return []
  if (zone === '') return [invalidValue(at, named(zone), 'timeZone must be nil or non-empty string')]
  const wellFormed = zone
    .split('/')
    .every((name) => name !== '.' && name !== '..' && !name.startsWith('-') && part.test(name))
  if (!wellFormed) return [invalidValue(at, named(zone), `unknown time zone ${zone}`)]
  if (zone.includes('..')) return [invalidValue(at, named(zone), 'time: invalid location name')]
  const errors: FieldError[] = []
  if (zone.toLowerCase() === 'local') {
    const why = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'
    errors.push(invalidValue(at, named(zone), why))
  }
  if (zone !== 'Local' && !isKnownTimeZone(zone))
    errors.push(invalidValue(at, named(zone), `unknown time zone ${zone}`))
  return errors
}

/** Whether the platform's database has the zone. Names are in the database's case. */
export function isKnownTimeZone(zone: string): boolean {
  if (zone === '' || zone === 'UTC' || zone === 'Local') return true
  // Offsets such as `+02` are none of the database's zones.
  if (!/^[A-Z]/.test(zone)) return false
  try {
    const canonical = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
    return canonical.toLowerCase() !== zone.toLowerCase() || canonical === zone
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
