import type { StatusCause, StatusError } from '../../errors/status-error.ts'
import { quote } from '../../errors/quote.ts'
import { applyConflict } from '../../errors/reasons.ts'
import { compareText } from '../fields/text.ts'
import { pathText } from '../fields/set.ts'
import type { FieldPath } from '../fields/set.ts'
import { managerId } from './records.ts'
import type { ManagerRecord } from './records.ts'

/** A path that the applier wants to change and another manager owns. */
export interface Conflict {
  readonly owner: ManagerRecord
  readonly path: FieldPath
}

/** An apply met conflicts. */
export class Conflicts extends Error {
  readonly list: readonly Conflict[]

  constructor(list: readonly Conflict[]) {
    super(`${list.length} conflicts`)
    this.list = list
  }
}

/** What the client is told: one cause for each path, in order of the owners. */
export function conflictError(conflicts: readonly Conflict[]): StatusError {
  const sorted = conflicts.toSorted((a, b) => compareText(managerId(a.owner), managerId(b.owner)))
  const causes = sorted.map(({ owner, path }): StatusCause => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${ownerText(owner)}`,
    field: pathText(path),
  }))
  return applyConflict(causes, message(sorted))
}

function message(conflicts: readonly Conflict[]): string {
  const [first] = conflicts
  if (conflicts.length === 1 && first !== undefined) {
    return `Apply failed with 1 conflict: conflict with ${ownerText(first.owner)}: ${pathText(first.path)}`
  }
  const lines: string[] = []
  let previous: ManagerRecord | undefined
  for (const { owner, path } of conflicts) {
    if (owner !== previous) lines.push(`conflicts with ${ownerText(owner)}:`)
    lines.push(`- ${pathText(path)}`)
    previous = owner
  }
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`
}

function ownerText({ manager, operation, apiVersion, subresource }: ManagerRecord): string {
  const name = subresource === '' ? quote(manager) : `${quote(manager)} with subresource ${quote(subresource)}`
  return operation === 'Update' ? `${name} using ${apiVersion}` : name
}
