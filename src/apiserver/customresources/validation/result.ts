import type { FieldError } from '#machinery'

/** One broken rule of a schema, as it is found: where it is put depends on who asked. */
export interface SchemaFault {
  /** Where, without the leading field of a part that is validated by itself; empty for faults of a combination. */
  readonly path: string
  /** Tells one fault from another: the same is reported once. */
  readonly message: string
  /** The fault at a path that has the asker's prefix. */
  readonly error: (at: string) => FieldError
}

/** What validation found, and how many checks passed: among alternatives, the one with most is the one that was meant. */
export class SchemaResult {
  readonly faults: SchemaFault[] = []
  matches = 0

  get valid(): boolean {
    return this.faults.length === 0
  }

  add(fault: SchemaFault): void {
    if (!this.faults.some(({ message }) => message === fault.message)) this.faults.push(fault)
  }

  merge(other: SchemaResult): void {
    for (const fault of other.faults) this.add(fault)
    this.matches += other.matches
  }
}
