import { memoryOf } from '../machine/processes.ts'
import type { MeasuredProcess } from '../machine/processes.ts'
import type { Row } from '../report/row.ts'
import type { PartContext } from './part.ts'

/** Resident memory of all processes together; beside it that of each, and the proportional one. */
export function measureMemory({ report, system }: PartContext, row: Row, processes: readonly MeasuredProcess[]): void {
  const measured = processes.map(({ name, pid }) => ({ name, ...memoryOf(pid) }))
  const sum = (of: 'resident' | 'proportional'): number => measured.reduce((total, memory) => total + memory[of], 0)
  const each =
    measured.length > 1 ? measured.map(({ name, resident }) => [`${name.replaceAll(' ', '-')} MB`, resident]) : []
  report.record(system.name, row, sum('resident'), {
    'proportional MB': sum('proportional'),
    ...Object.fromEntries(each),
  })
}
