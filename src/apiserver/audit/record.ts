/** Counts what becomes of audit. */
export interface AuditRecord {
  /** An event goes to the backends. */
  event(): void
  /** A backend has lost events. */
  lost(plugin: string, events: number): void
  /** A request has a level. */
  level(level: string): void
  /** A request is refused, as its event could not be written. */
  rejected(): void
}
