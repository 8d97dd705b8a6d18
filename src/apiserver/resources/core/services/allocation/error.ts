/** An address or port can't be had; the message is for whoever asked for it. */
export class AllocationError extends Error {
  /** Nothing is left to allocate. */
  readonly full: boolean

  constructor(message: string, full = false) {
    super(message)
    this.name = 'AllocationError'
    this.full = full
  }
}
