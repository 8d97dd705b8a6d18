/** Why a pod can't have what it asks for, with the reason that its status shows. */
export class AllocationError extends Error {
  readonly reason: string

  constructor(reason: string, message: string) {
    super(message)
    this.name = 'AllocationError'
    this.reason = reason
  }
}
