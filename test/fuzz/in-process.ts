import { createLogger, VirtualClock } from '#base'
import { createApiServer } from '#apiserver'
import type { ApiResponse } from '#client'
import { createMemoryStore } from '#store'
import type { Answer } from './checks.ts'
import type { System } from './system.ts'

const admin = { name: 'admin', groups: ['system:masters', 'system:authenticated'] }
const nothing = new Uint8Array(0)

/** An API server as a cluster has it, in this process, on virtual time. Whoever writes into a stored object fails. */
export async function startInProcess(): Promise<System> {
  const clock = new VirtualClock()
  const store = createMemoryStore({ clock })
  const complaints: string[] = []
  const logger = createLogger('error', (_, message, fields) => void complaints.push(`${message} ${told(fields)}`))
  const server = createApiServer({
    store,
    clock,
    logger,
    serverAddress: () => '127.0.0.1:6443',
    authorization: ['Node', 'RBAC'],
    admission: {},
    freeze: true,
  })
  const unhandled = (reason: unknown): void => void complaints.push(`unhandled: ${told(reason)}`)
  process.on('unhandledRejection', unhandled)
  await server.initialize()
  /** Waits on virtual time as well as on work that is ready. */
  const settled = async <T>(promise: Promise<T>): Promise<T> => {
    const state = { open: true }
    const done = promise.finally(() => (state.open = false))
    done.catch(() => undefined)
    for (let round = 0; state.open; round++) {
      await new Promise((resolve) => setImmediate(resolve))
      if (state.open && round > 20) await clock.advance(1000)
    }
    return done
  }
  const system: System = {
    inFlight: 1,
    looks: 1,
    async send({ method, url, headers, body }) {
      const mark = url.indexOf('?')
      const gone = new AbortController()
      try {
        const response = await settled(
          server.handle({
            method,
            path: mark < 0 ? url : url.slice(0, mark),
            query: mark < 0 ? '' : url.slice(mark + 1),
            headers,
            user: admin,
            signal: gone.signal,
            ...(body ? { body: { kind: 'bytes', read: async () => body, stream: () => [body] as never } } : {}),
          }),
        )
        return await settled(answerOf(response))
      } catch (error) {
        return { code: 0, headers: {}, body: nothing, failure: told(error) }
      } finally {
        gone.abort(new Error('the client is gone'))
      }
    },
    sendAndLook: async (request) => [await system.send(request), await system.revision()],
    async revision() {
      for (let last = -1; ;) {
        await new Promise((resolve) => setImmediate(resolve))
        const { revision } = store.snapshot()
        if (revision === last) return String(revision)
        last = revision
      }
    },
    memory: async () => {
      globalThis.gc?.()
      const { heapUsed, external } = process.memoryUsage()
      return heapUsed + external
    },
    complaints: () => [...complaints.splice(0), ...pollution()],
    async [Symbol.asyncDispose]() {
      process.off('unhandledRejection', unhandled)
      await server.close()
      await store.close()
    },
  }
  return system
}

/** Every object would have what is written into the prototype of objects. */
const pollution = (): string[] => Object.keys(Object.prototype).map((key) => `every object has a property "${key}"`)

async function answerOf(response: ApiResponse): Promise<Answer> {
  if (response.kind === 'upgrade') return { code: 101, headers: {}, body: nothing }
  const { code, headers = {} } = response
  const answer = (contentType: string | undefined, body: Uint8Array): Answer => ({
    code,
    headers: { ...headers, ...(contentType === undefined ? {} : { 'content-type': contentType }) },
    body,
  })
  switch (response.kind) {
    case 'object': {
      const { contentType, bytes } = response.encode()
      return answer(contentType, bytes)
    }
    case 'bytes':
      return answer(response.contentType, response.bytes)
    case 'stream': {
      const pieces: Uint8Array[] = []
      for await (const piece of response.body) pieces.push(piece)
      return answer(response.contentType, Buffer.concat(pieces))
    }
    case 'watch': {
      const stop = response.start({ event: (event) => void event.encode(), end: () => undefined })
      await new Promise((resolve) => setImmediate(resolve))
      stop()
      return answer(response.contentType, nothing)
    }
  }
}

function told(what: unknown): string {
  if (what instanceof Error) return what.stack ?? what.message
  if (typeof what === 'object' && what !== null && 'error' in what)
    return `${JSON.stringify({ ...what, error: undefined })} ${told(what.error)}`
  return JSON.stringify(what)
}
