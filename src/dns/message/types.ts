/** Numbers of record types that we read or write (RFC 1035, 2782, 3596, 6891). */
export const types = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, TXT: 16, AAAA: 28, SRV: 33, OPT: 41, ANY: 255 } as const

/** Numbers of response codes. */
export const codes = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  nameError: 3,
  notImplemented: 4,
  refused: 5,
  badVersion: 16,
} as const

export const internetClass = 1

/** What a record says; `bytes` are data we only pass on, without names in it that could be compressed. */
export type RecordData =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'name'; readonly target: string }
  | {
      readonly kind: 'srv'
      readonly priority: number
      readonly weight: number
      readonly port: number
      readonly target: string
    }
  | {
      readonly kind: 'soa'
      readonly server: string
      readonly mailbox: string
      readonly serial: number
      readonly refresh: number
      readonly retry: number
      readonly expire: number
      readonly minimum: number
    }

/** A resource record of class Internet. Names are lower case, without the last dot; the root is empty. */
export interface DnsRecord {
  readonly name: string
  readonly type: number
  /** Seconds. */
  readonly ttl: number
  readonly data: RecordData
}

export interface Question {
  /** Lower case, without the last dot. */
  readonly name: string
  readonly type: number
  readonly class: number
}

/** What a client understands beyond RFC 1035. */
export interface Edns {
  /** Largest datagram it takes. */
  readonly size: number
  /** It wants signatures with the records. */
  readonly dnssec: boolean
  readonly version: number
}

/** A query as it came in. */
export interface Query {
  readonly id: number
  readonly recursionDesired: boolean
  readonly question: Question
  /** Bytes of the question as sent: the answer repeats them, with the case of their letters. */
  readonly questionBytes: Uint8Array
  readonly edns?: Edns
}

/** An answer before it is written. */
export interface Reply {
  readonly code: number
  /** We are the authority for the name. */
  readonly authoritative: boolean
  readonly answers: readonly DnsRecord[]
  readonly authority: readonly DnsRecord[]
  readonly additional: readonly DnsRecord[]
}

export function emptyReply(code: number, authoritative: boolean = false): Reply {
  return { code, authoritative, answers: [], authority: [], additional: [] }
}
