import type { Answer } from './checks.ts'
import type { FuzzRequest } from './requests.ts'

/** A server under test, with nobody else on it. */
export interface System extends AsyncDisposable {
  /** Requests that are under way at a time. */
  readonly inFlight: number
  /** The part of the requests after which it is looked whether the store is as it was; nothing else is under way then. */
  readonly looks: number
  send(request: FuzzRequest): Promise<Answer>
  /** The answer, and the store's revision behind it, once everything that goes on by itself came to rest. */
  sendAndLook(request: FuzzRequest): Promise<readonly [answer: Answer, revision: string]>
  /** The store's revision, once everything that goes on by itself came to rest. */
  revision(): Promise<string>
  /** Bytes of memory in use after garbage is collected: the heap, and what lies outside of it. */
  memory(): Promise<number>
  /** What the server complained about since it was asked last: crashes, rejections that nobody handled, failed requests. */
  complaints(): readonly string[]
}
