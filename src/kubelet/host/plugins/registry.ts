import { watch, type FSWatcher } from 'node:fs'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { PluginHandler, PluginRegistry } from '#kubelet'
import { registerPlugin, type Registered } from './register.ts'

/** Milliseconds until a plugin that failed is tried again: twice as long each time. */
const firstRetryMs = 500
const lastRetryMs = 122_000

/** Plugins whose sockets lie in a folder, or in one below it. Those that begin with a dot do not count. */
export function createPluginRegistry(folder: string): PluginRegistry {
  return {
    async watch(handlers, failed) {
      await mkdir(folder, { recursive: true, mode: 0o750 })
      const watching = new Watching(folder, handlers, failed)
      await watching.look()
      return () => watching.end()
    },
  }
}

type Failed = (path: string, error: unknown) => void

class Watching {
  readonly #folder: string
  readonly #handlers: { readonly [type: string]: PluginHandler }
  readonly #failed: Failed
  readonly #watchers = new Map<string, FSWatcher>()
  /** By path: which socket it was, and what became of it. */
  readonly #known = new Map<string, { readonly identity: string; readonly registered: Registered | undefined }>()
  #looking: Promise<void> | undefined
  #again = false
  #retry: NodeJS.Timeout | undefined
  #retryMs = firstRetryMs
  #ended = false

  constructor(folder: string, handlers: { readonly [type: string]: PluginHandler }, failed: Failed) {
    this.#folder = folder
    this.#handlers = handlers
    this.#failed = failed
  }

  /** Registers what has come and gives up what has gone. */
  look(): Promise<void> {
    this.#again = true
    this.#looking ??= this.#lookWhileNeeded().finally(() => (this.#looking = undefined))
    return this.#looking
  }

  end(): void {
    this.#ended = true
    clearTimeout(this.#retry)
    for (const watcher of this.#watchers.values()) watcher.close()
  }

  async #lookWhileNeeded(): Promise<void> {
    while (this.#again && !this.#ended) {
      this.#again = false
      await this.#lookOnce()
    }
  }

  async #lookOnce(): Promise<void> {
    const sockets = new Map<string, string>()
    await this.#find(this.#folder, sockets)
    for (const [path, { identity, registered }] of this.#known) {
      if (sockets.get(path) === identity) continue
      this.#known.delete(path)
      registered?.handler.deregister(registered.plugin)
    }
    let failed = false
    for (const [path, identity] of sockets) {
      if (this.#known.get(path)?.registered || this.#ended) continue
      const registered = await this.#register(path)
      this.#known.set(path, { identity, registered })
      failed ||= !registered
    }
    this.#retryLater(failed)
  }

  async #register(path: string): Promise<Registered | undefined> {
    try {
      return await registerPlugin(path, this.#handlers)
    } catch (error) {
      this.#failed(path, error)
      return undefined
    }
  }

  #retryLater(failed: boolean): void {
    clearTimeout(this.#retry)
    if (!failed) {
      this.#retryMs = firstRetryMs
      return
    }
    this.#retry = setTimeout(() => void this.look(), this.#retryMs).unref()
    this.#retryMs = Math.min(lastRetryMs, this.#retryMs * 2)
  }

  /** Collects sockets, and watches folders. */
  async #find(folder: string, sockets: Map<string, string>): Promise<void> {
    this.#watch(folder)
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      if (entry.name.startsWith('.')) continue
      const path = join(folder, entry.name)
      if (entry.isDirectory()) await this.#find(path, sockets)
      else if (entry.isSocket()) {
        const status = await stat(path).catch(() => undefined)
        if (status) sockets.set(path, `${status.ino} ${status.ctimeMs}`)
      }
    }
  }

  #watch(folder: string): void {
    if (this.#ended || this.#watchers.has(folder)) return
    try {
      const watcher = watch(folder, () => void this.look())
      this.#watchers.set(folder, watcher)
      watcher.on('error', () => this.#unwatch(folder))
      watcher.on('close', () => this.#watchers.delete(folder))
    } catch (error) {
      this.#failed(folder, error)
    }
  }

  #unwatch(folder: string): void {
    this.#watchers.get(folder)?.close()
    this.#watchers.delete(folder)
  }
}
