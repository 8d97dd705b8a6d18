import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

/** What a request brought: the answer, or what went wrong (`ECONNREFUSED`, `timeout`, ...). */
export interface Reply {
  readonly text?: string
  readonly error?: string
  readonly ms: number
}

/** What steady load brought until it was stopped. */
export interface LoadReport {
  readonly requests: number
  readonly failures: readonly string[]
  readonly byServer: { readonly [server: string]: number }
}

/** Runs inside the namespace, in plain Node: sockets are what it is for. Servers answer `name client-address`. */
const program = String.raw`
const net = require('node:net'), dgram = require('node:dgram'), readline = require('node:readline')
const loads = new Map(), servers = new Map(), follows = new Map()
const request = (o) => new Promise((resolve) => {
  const start = performance.now()
  const done = (r) => { clearTimeout(timer); resolve({ ...r, ms: performance.now() - start }) }
  let end = () => {}
  const timer = setTimeout(() => { end(); done({ error: 'timeout' }) }, o.timeout ?? 1000)
  if (o.protocol === 'UDP') {
    const socket = dgram.createSocket(o.address.includes(':') ? 'udp6' : 'udp4')
    end = () => socket.close()
    socket.on('error', (e) => { end(); done({ error: e.code }) })
    socket.on('message', (m) => { end(); done({ text: m.toString() }) })
    socket.bind({ port: o.from ?? 0 }, () => socket.connect(o.port, o.address, () => socket.send('?')))
    return
  }
  const socket = net.connect({ host: o.address, port: o.port, ...(o.from ? { localPort: o.from } : {}) })
  let text = ''
  end = () => socket.destroy()
  socket.on('data', (d) => (text += d))
  socket.on('end', () => { end(); done({ text }) })
  socket.on('error', (e) => done({ error: e.code }))
  socket.end('?')
})
const commands = {
  serve: (o) => new Promise((resolve, reject) => {
    const key = o.protocol + o.port, host = o.host ?? '::'
    if (o.protocol === 'UDP') {
      const socket = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4')
      socket.on('message', (m, from) => socket.send(o.name + ' ' + from.address.replace('::ffff:', ''), from.port, from.address))
      socket.bind(o.port, host, () => resolve({})); socket.on('error', reject); servers.set(key, socket)
      return
    }
    const server = net.createServer({ allowHalfOpen: true }, (s) => {
      s.on('error', () => {})
      s.on('data', () => s.end(o.name + ' ' + s.remoteAddress.replace('::ffff:', '')))
    })
    server.listen(o.port, host, () => resolve({})); server.on('error', reject); servers.set(key, server)
  }),
  stream: (o) => new Promise((resolve, reject) => {
    const server = net.createServer((s) => {
      const timer = setInterval(() => s.write('tick'), 20)
      s.on('error', () => {}).on('close', () => clearInterval(timer))
    })
    server.listen(o.port, '::', () => resolve({})); server.on('error', reject); servers.set('TCP' + o.port, server)
  }),
  follow: (o) => new Promise((resolve) => {
    const socket = net.connect({ host: o.address, port: o.port }, () => resolve({}))
    const state = { bytes: 0 }
    socket.on('data', (d) => (state.bytes += d.length)).on('error', () => {})
    follows.set(o.follow, state)
  }),
  // What came within a quarter of a second.
  heard: async (o) => {
    const state = follows.get(o.follow), before = state.bytes
    await new Promise((f) => setTimeout(f, 250))
    return { bytes: state.bytes - before }
  },
  stop: async (o) => { servers.get(o.protocol + o.port).close(); return {} },
  request,
  load: async (o) => {
    const report = { requests: 0, failures: [], byServer: {} }, state = { on: true }
    const worker = async () => {
      while (state.on) {
        const r = await request(o)
        report.requests++
        if (r.error) report.failures.push(r.error)
        else { const name = r.text.split(' ')[0]; report.byServer[name] = (report.byServer[name] ?? 0) + 1 }
        if (o.pause) await new Promise((f) => setTimeout(f, o.pause))
      }
    }
    state.done = Promise.all(Array.from({ length: o.workers ?? 4 }, worker)).then(() => report)
    loads.set(o.load, state)
    return {}
  },
  unload: async (o) => { const state = loads.get(o.load); state.on = false; return state.done },
}
readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, command, ...o } = JSON.parse(line)
  let result
  try { result = await commands[command](o) } catch (e) { result = { failed: String(e) } }
  process.stdout.write(JSON.stringify({ id, result }) + '\n')
}).on('close', () => process.exit(0))
`

export interface Target {
  readonly protocol?: 'TCP' | 'UDP'
  readonly address: string
  readonly port: number
  /** Milliseconds until a request is given up; 1000 when absent. */
  readonly timeout?: number
  /** Port to send from. */
  readonly from?: number
}

/** A process in a namespace that serves and asks. */
export class Agent {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (result: never) => void>()
  #next = 0

  constructor(namespace: string) {
    this.#child = spawn('nsenter', [`--net=${namespace}`, process.execPath, '-e', program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const { id, result }: { id: number; result: never } = JSON.parse(line)
      this.#waiting.get(id)?.(result)
      this.#waiting.delete(id)
    })
  }

  async serve(name: string, port: number, protocol: 'TCP' | 'UDP' = 'TCP', host?: string): Promise<void> {
    const result = await this.#call<{ failed?: string }>('serve', { name, port, protocol, host })
    if (result.failed !== undefined) throw new Error(result.failed)
  }

  stop(port: number, protocol: 'TCP' | 'UDP' = 'TCP'): Promise<void> {
    return this.#call('stop', { port, protocol })
  }

  request(target: Target): Promise<Reply> {
    return this.#call('request', target)
  }

  /** Asks so many times, one after the other; gives the texts, errors among them. */
  async requests(target: Target, count: number): Promise<readonly string[]> {
    const texts: string[] = []
    for (let i = 0; i < count; i++) {
      const { text, error } = await this.request(target)
      texts.push(text ?? error ?? '')
    }
    return texts
  }

  /** Starts steady load; the function returned ends it. */
  async load(
    target: Target & { readonly workers?: number; readonly pause?: number },
  ): Promise<() => Promise<LoadReport>> {
    const load = this.#next
    await this.#call('load', { ...target, load })
    return () => this.#call('unload', { load })
  }

  /** Serves TCP connections that get some bytes all the time. */
  stream(port: number): Promise<void> {
    return this.#call('stream', { port })
  }

  /** Opens such a connection. */
  async follow(target: Target): Promise<{ alive(): Promise<boolean> }> {
    const follow = this.#next
    await this.#call('follow', { ...target, follow })
    return { alive: async () => (await this.#call<{ bytes: number }>('heard', { follow })).bytes > 0 }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return
    const ended = new Promise((resolve) => this.#child.once('close', resolve))
    this.#child.stdin?.end()
    await ended
  }

  #call<T>(command: string, options: object): Promise<T> {
    const id = this.#next++
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      this.#child.stdin?.write(`${JSON.stringify({ id, command, ...options })}\n`)
    })
  }
}
