import type { Endpoint } from './endpoint.ts'
import type { RequestTemplate } from './request.ts'

/** Connections that stay open; on each, the next request is sent when the one before is answered. */
export interface RequestsTask {
  readonly kind: 'requests'
  readonly endpoint: Endpoint
  readonly request: RequestTemplate
  readonly connections: number
  /** For so long requests are sent; answers on the way are waited for. */
  readonly ms: number
  /** So many requests at most. */
  readonly most?: number
  /** The first number that a request gets. */
  readonly from?: number
}

export interface RequestsResult {
  readonly requests: number
  readonly seconds: number
  /** From the first byte sent to the last byte received, in milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Of all bodies together. */
  readonly bytes: number
  /** Answers with a status from 300. */
  readonly failed: number
}

/** Requests of one kind, sent so many times a second whatever becomes of those before. */
export interface MixedStream {
  readonly request: RequestTemplate
  readonly perSecond: number
  /** So many are under way at most; what is due beyond waits for one, and its time runs. */
  readonly connections: number
}

export interface MixedTask {
  readonly kind: 'mixed'
  readonly endpoint: Endpoint
  readonly streams: readonly MixedStream[]
  readonly ms: number
  /** The first number that a request of each stream gets. */
  readonly from: number
}

export interface MixedResult {
  readonly seconds: number
  /** In the order of the task's streams. Times in milliseconds, from when a request was due to the last byte received. */
  readonly streams: readonly {
    readonly requests: number
    readonly p50: number
    readonly p99: number
    readonly failed: number
  }[]
}

/** Watchers on connections of their own, and writers beside them. */
export interface WatchTask {
  readonly kind: 'watch'
  readonly endpoint: Endpoint
  readonly watch: RequestTemplate
  readonly watchers: number
  readonly write: RequestTemplate
  /** Requests that are under way at a time. */
  readonly writers: number
  readonly writes: number
  /** Milliseconds from one write to the next; 0 sends the next when the one before is answered. */
  readonly everyMs: number
  readonly from: number
}

export interface WatchResult {
  readonly delivered: number
  readonly expected: number
  /** From the first write to the last delivery. */
  readonly seconds: number
  /** From a write's sending to the event's arrival at each watcher, in milliseconds; with one writer only. */
  readonly p50: number
  readonly p99: number
  readonly bytes: number
  readonly failed: number
}

/** A watch counts objects that reach a state, while they are created or after they were. */
export interface SettleTask {
  readonly kind: 'settle'
  readonly endpoint: Endpoint
  /** Its field selector lets an object in when it has reached the state: each then shows as ADDED once. */
  readonly watch: RequestTemplate
  /** Makes them; they are there already when absent. */
  readonly create?: RequestTemplate
  readonly writers: number
  readonly objects: number
  /** Milliseconds without progress after which the rest is given up. */
  readonly patienceMs: number
}

export interface SettleResult {
  readonly settled: number
  /** From the first request to the last object that settled. */
  readonly seconds: number
  /** Objects that settled after the first, and from the first one to the last. */
  readonly afterFirst: number
  readonly afterFirstSeconds: number
  /** Until the last object was created. */
  readonly createdSeconds: number
  readonly failed: number
}

/** Questions to a DNS server by UDP, one after the other, from the first again after the last. */
export interface QuestionsTask {
  readonly kind: 'questions'
  readonly host: string
  readonly port: number
  readonly questions: readonly { readonly name: string; readonly type: 'A' | 'AAAA' | 'SRV' }[]
  /** Codes that answers may have. */
  readonly expected: readonly number[]
  readonly sockets: number
  /** So many are under way at a time on each socket. */
  readonly atOnce: number
  /** So many are sent a second whatever becomes of those before; as many as are answered when absent. */
  readonly perSecond?: number
  readonly ms: number
}

export interface QuestionsResult {
  readonly answers: number
  readonly answersPerSecond: number
  /** From the question to its answer, in milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Answers with another code. */
  readonly wrong: number
  /** Questions without an answer. */
  readonly lost: number
}

export type Task = RequestsTask | MixedTask | WatchTask | SettleTask | QuestionsTask
export interface Results {
  readonly requests: RequestsResult
  readonly mixed: MixedResult
  readonly watch: WatchResult
  readonly settle: SettleResult
  readonly questions: QuestionsResult
}

/** Resolves when the load may begin; connections are open then. */
export type Gate = () => Promise<void>

export type ToGenerator =
  | { readonly type: 'run'; readonly task: Task }
  | { readonly type: 'go' }
  | { readonly type: 'close' }

export type FromGenerator =
  /** Connections are open. */
  | { readonly type: 'open' }
  | { readonly type: 'done'; readonly result: Results[Task['kind']]; readonly cpuMs: number }
  | { readonly type: 'failed'; readonly message: string }
