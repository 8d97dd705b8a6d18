/** What the kernel has to say. */
export interface KernelLog {
  /**
   * Messages, from the oldest that it still keeps, then as they come; ends with the signal.
   *
   * @throws Error when it can't be read.
   */
  follow(signal: AbortSignal): AsyncIterable<string>
}
