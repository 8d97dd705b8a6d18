import { fieldForbidden, notSupported } from '#machinery'
import type { FieldError, Path } from '#machinery'

const modes: readonly string[] = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
const shortNames: readonly (readonly [string, string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
]

/** How volumes and claims may be used: what they have in common. */
export const volumeModes: readonly string[] = ['Block', 'Filesystem']

/** The mode for one pod alone goes with no other. */
export function validateAccessModes(used: readonly string[], path: Path): readonly FieldError[] {
  const errors: FieldError[] = used
    .filter((mode) => !modes.includes(mode))
    .map((mode) => notSupported(path, mode, modes))
  const forOnePod = used.includes('ReadWriteOncePod')
  const others = used.some((mode) => mode !== 'ReadWriteOncePod' && modes.includes(mode))
  if (forOnePod && others) errors.push(fieldForbidden(path, 'may not use ReadWriteOncePod with other access modes'))
  return errors
}

/** `RWO,ROX`, as tables show them. */
export function accessModesText(used: readonly string[]): string {
  return shortNames
    .filter(([mode]) => used.includes(mode))
    .map(([, short]) => short)
    .join(',')
}
