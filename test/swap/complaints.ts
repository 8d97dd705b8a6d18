import { readFileSync } from 'node:fs'

/** A kind of line, with how often it came. */
export interface Complaint {
  readonly kind: string
  readonly times: number
  /** The first of its kind. */
  readonly line: string
}

/** Errors and warnings in a log: klog's, and ours. */
export function complaintsIn(file: string): Complaint[] {
  const found = new Map<string, { readonly kind: string; times: number; readonly line: string }>()
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (!/^[EWF]\d{4} |^\S+ (error|warn) |panic:/.test(line)) continue
    const kind = kindOf(line)
    const known = found.get(kind)
    if (known) known.times++
    else found.set(kind, { kind, times: 1, line })
  }
  return [...found.values()]
}

/** Without what differs from line to line: times, numbers, names that were made up, what stands in quotes. */
const kindOf = (line: string): string =>
  line
    .replace(/^[EWF]\d{4} \S+ +\d+ /, '')
    .replaceAll(/\\?"[^"]*"/g, '""')
    .replaceAll(/\b[\da-f]{8,}\b|\d+/g, '0')
    .slice(0, 160)
