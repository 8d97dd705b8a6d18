/**
 * Why a plugin did not let a pod pass. Success is the absence of a status. `Unschedulable` may be helped by preempting
 * pods, `UnschedulableAndUnresolvable` may not; `Pending` waits for something outside; `Wait` holds a pod in Permit.
 */
export type StatusCode = 'Unschedulable' | 'UnschedulableAndUnresolvable' | 'Pending' | 'Error' | 'Wait' | 'Skip'

export interface Status {
  readonly code: StatusCode
  /** The plugin that gave it. */
  readonly plugin: string
  /** For people; counted over nodes in the message of the pod's condition. */
  readonly reasons: readonly string[]
}

export function unschedulable(plugin: string, ...reasons: readonly string[]): Status {
  return { code: 'Unschedulable', plugin, reasons }
}

export function unresolvable(plugin: string, ...reasons: readonly string[]): Status {
  return { code: 'UnschedulableAndUnresolvable', plugin, reasons }
}

export function failed(plugin: string, ...reasons: readonly string[]): Status {
  return { code: 'Error', plugin, reasons }
}

/** Whether the status says that the pod can't go (there), in contrast to something being broken. */
export function isRejected(status: Status): boolean {
  return status.code === 'Unschedulable' || status.code === 'UnschedulableAndUnresolvable' || status.code === 'Pending'
}

export function statusMessage(status: Status): string {
  return status.reasons.join(', ')
}

/** Gives statuses small numbers, so that verdicts over thousands of nodes are columns of numbers. Zero is success. */
export class StatusTable {
  readonly #statuses: (Status | undefined)[] = [undefined]
  readonly #ids = new WeakMap<Status, number>()
  readonly #byText = new Map<string, number>()

  /** The number of a status; equal statuses have the same one. */
  idOf(status: Status | undefined): number {
    if (status === undefined) return 0
    const known = this.#ids.get(status)
    if (known !== undefined) return known
    const text = `${status.code}|${status.plugin}|${status.reasons.join('\n')}`
    let id = this.#byText.get(text)
    if (id === undefined) {
      id = this.#statuses.length
      this.#statuses.push(status)
      this.#byText.set(text, id)
    }
    this.#ids.set(status, id)
    return id
  }

  /** The status of a number; `undefined` for success. */
  get(id: number): Status | undefined {
    return this.#statuses[id]
  }
}
