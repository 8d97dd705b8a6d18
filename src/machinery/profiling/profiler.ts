/** Looks into the process while it runs. Profiles are as pprof reads them. */
export interface Profiler {
  /**
   * Where the processor was for so many seconds, or until the signal aborts.
   * @throws Error when somebody else looks already
   */
  processor(seconds: number, signal: AbortSignal): Promise<Uint8Array>
  /** What lives on the heap, by its spaces. `collect`: after a collection of garbage. */
  heap(collect: boolean): Promise<Uint8Array>
  /** What was put on the heap for so many seconds and lives on, by who put it there. @throws as `processor` */
  allocations(seconds: number, signal: AbortSignal): Promise<Uint8Array>
  /** How much is logged from now on, as `--v` says it. */
  setVerbosity(level: number): void
}
