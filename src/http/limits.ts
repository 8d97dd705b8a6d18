/** A watcher whose connection holds more than this many unsent bytes does not read; it is dropped. */
export const watchBacklogLimit: number = 4 * 1024 * 1024

/** Of what is there already, a watcher is told this many bytes ahead of what it took. */
export const watchAheadLimit: number = 256 * 1024

/** Watchers that lag behind hold no more than this many unsent bytes together; whoever would hold more is dropped. */
export const watchesBacklogLimit: number = 256 * 1024 * 1024

/** Milliseconds that a client may take nothing of an answer. */
export const stallMs: number = 60_000
