/** Who shuts the machine down: tells of it beforehand, and waits for those who hold it up. */
export interface ShutdownNotices {
  /** Milliseconds that a shutdown waits at most. @throws Error when nobody can say. */
  longestDelay(): Promise<number>
  /** Has shutdowns wait this long, milliseconds. It may take a moment until {@link longestDelay} says so. */
  allowDelay(ms: number): Promise<void>
  /** Holds up the next shutdown until the returned function is called, or this process ends. */
  hold(): Promise<() => Promise<void>>
  /** Tells `true` when a shutdown begins and `false` when it was called off. Ends with the connection, or the signal. */
  follow(signal: AbortSignal): AsyncIterable<boolean>
  /** Connects anew; what was connected before goes. @throws Error when there is nobody to connect to. */
  connect(): Promise<void>
  close(): void
}
