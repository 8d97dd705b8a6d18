import type { TopologySelectorTerm } from '#api/core/v1'
import { duplicate, required, validateLabelName } from '#machinery'
import type { FieldError, Path } from '#machinery'

/** Terms of which one must hold for the node of a volume. */
export function validateTopologies(terms: readonly TopologySelectorTerm[], at: Path): readonly FieldError[] {
  const errors: FieldError[] = []
  // A term without expressions equals the empty places that upstream's comparison begins with, one for each term.
  const seen: string[] = terms.map(() => '[]')
  for (const [index, term] of terms.entries()) {
    const path = at.index(index).child('matchLabelExpressions')
    errors.push(...validateTerm(term, path))
    const key = meaningOf(term)
    for (const other of seen) if (other === key) errors.push(duplicate(path, ''))
    seen.push(key)
  }
  return errors
}

function validateTerm({ matchLabelExpressions }: TopologySelectorTerm, at: Path): readonly FieldError[] {
  const keys = new Set<string>()
  const errors: FieldError[] = []
  for (const [index, { key, values }] of (matchLabelExpressions ?? []).entries()) {
    const path = at.index(index)
    const seen = new Set<string>()
    if ((values ?? []).length === 0) errors.push(required(path.child('values')))
    for (const [i, value] of (values ?? []).entries()) {
      if (seen.has(value)) errors.push(duplicate(path.child('values').index(i), value))
      seen.add(value)
    }
    errors.push(...validateLabelName(key, path.child('key')))
    if (keys.has(key)) errors.push(duplicate(path.child('key'), key))
    keys.add(key)
  }
  return errors
}

/** Equal for terms that mean the same: keys with their sets of values. */
function meaningOf({ matchLabelExpressions }: TopologySelectorTerm): string {
  const byKey = new Map((matchLabelExpressions ?? []).map(({ key, values }) => [key, [...new Set(values)].toSorted()]))
  return JSON.stringify([...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
