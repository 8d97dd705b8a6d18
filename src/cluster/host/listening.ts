import { UserError } from '../user-error.ts'

/** Flags by which a user says where to listen. */
export interface ListenFlags {
  readonly port: string
  readonly address: string
}

/** Turns why nobody can listen at a place into what the user can do, where that is known. */
export function explainListen(
  cause: unknown,
  { host, port }: { readonly host: string; readonly port: number },
  flags: ListenFlags,
): unknown {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new UserError(`port ${port} of ${host} is taken: choose another with ${flags.port}`, { cause })
    case 'EADDRNOTAVAIL':
      return new UserError(`${host} is no address of this machine: name one that is with ${flags.address}`, { cause })
    case 'EACCES':
      return new UserError(
        `port ${port} is for root alone: start as root (sudo), or choose one above 1023 with ${flags.port}`,
        { cause },
      )
    default:
      return cause
  }
}

/** For `catch`: throws what {@link explainListen} makes of a failure. */
export const explainingListen =
  (place: { readonly host: string; readonly port: number }, flags: ListenFlags) =>
  (cause: unknown): never => {
    throw explainListen(cause, place, flags)
  }
