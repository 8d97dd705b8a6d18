import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DBus } from './bus.ts'
import { createLogind } from './logind.ts'
import { decodeMessage, encodeMessage, type DBusMessage, type DBusValue } from './message.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'k8b-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A message bus with a logind behind it that both pretend. */
class PretendBus {
  readonly calls: string[] = []
  readonly path: string
  delayMicros = 5_000_000n
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #serial = 0

  constructor(path: string) {
    this.path = path
    this.#server = createServer((socket) => this.#serve(socket)).listen(path)
  }

  signal(member: string, value: boolean): void {
    for (const socket of this.#sockets) {
      this.#send(socket, {
        type: 'signal',
        path: '/org/freedesktop/login1',
        interface: 'org.freedesktop.login1.Manager',
        member,
        signature: 'b',
        values: [value],
      })
    }
  }

  /** Ends connections, and with `true` takes no more. */
  cut(forGood: boolean): void {
    for (const socket of this.#sockets) socket.destroy()
    if (forGood) this.#server.close()
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    let left = Buffer.alloc(0)
    let isIn = false
    socket.on('data', (chunk) => {
      left = Buffer.concat([left, chunk])
      if (!isIn && left.includes('BEGIN\r\n')) {
        isIn = true
        left = left.subarray(left.indexOf('BEGIN\r\n') + 7)
      } else if (!isIn && left.includes('\r\n')) socket.write('OK 0123456789abcdef0123456789abcdef\r\n')
      for (let found = isIn ? decodeMessage(left) : undefined; found; found = decodeMessage(left)) {
        left = left.subarray(found.length)
        this.#answer(socket, found.message)
      }
    })
  }

  #answer(socket: Socket, { serial, member = '', values }: DBusMessage): void {
    this.calls.push([member, ...values].join(' '))
    const body = member === 'Get' ? { signature: 'v', values: [this.delayMicros] } : { values: [] }
    this.#send(socket, { type: 'answer', answerTo: serial, ...body })
  }

  #send(socket: Socket, message: Omit<DBusMessage, 'serial'>): void {
    socket.write(encodeMessage({ ...message, serial: ++this.#serial }))
  }
}

/** Stands for systemd-inhibit: a file is there as long as it runs. */
function inhibitor(): string {
  const path = join(folder, 'inhibit')
  const skip = 'while [ "${1#--}" != "$1" ]; do shift; done'
  writeFileSync(path, `#!/bin/sh\necho "$*" >${folder}/words\n${skip}\ntouch ${folder}/held\n"$@"\nrm ${folder}/held\n`)
  chmodSync(path, 0o755)
  return path
}

test('the longest delay is read, laid over in a file, and logind is told to read it', async () => {
  const bus = new PretendBus(join(folder, 'bus'))
  const configuration = join(folder, 'logind.conf.d')
  const logind = createLogind({ bus: bus.path, configuration })
  await logind.connect()
  expect(await logind.longestDelay()).toBe(5000)
  await logind.allowDelay(30_000)
  expect(readFileSync(join(configuration, '99-kubelet.conf'), 'utf8')).toBe(
    '# Kubelet logind override\n[Login]\nInhibitDelayMaxSec=30\n',
  )
  expect(bus.calls).toEqual([
    'Hello',
    "AddMatch type='signal',interface='org.freedesktop.login1.Manager',member='PrepareForShutdown',path='/org/freedesktop/login1'",
    'Get org.freedesktop.login1.Manager InhibitDelayMaxUSec',
    'KillUnit systemd-logind.service all 1',
  ])
  logind.close()
  bus.cut(true)
})

test('shutdowns are told as they begin and are called off, until the connection ends', async () => {
  const bus = new PretendBus(join(folder, 'bus'))
  const logind = createLogind({ bus: bus.path })
  await logind.connect()
  bus.signal('PrepareForShutdown', true)
  bus.signal('PrepareForSleep', true)
  bus.signal('PrepareForShutdown', false)
  const heard: boolean[] = []
  for await (const begins of logind.follow(new AbortController().signal)) {
    heard.push(begins)
    if (heard.length === 2) bus.cut(false)
  }
  expect(heard).toEqual([true, false])
  await logind.connect()
  expect(await logind.longestDelay()).toBe(5000)
  bus.cut(true)
  await expect(logind.longestDelay()).rejects.toThrow('D-Bus')
})

test('a shutdown is held up by a program that runs until it is let go', async () => {
  const release = await createLogind({ inhibitor: inhibitor() }).hold()
  expect(readFileSync(join(folder, 'words'), 'utf8')).toMatch(
    /^--what=shutdown --who=kubelet --why=Kubelet needs time to handle node shutdown --mode=delay /,
  )
  expect(existsSync(join(folder, 'held'))).toBe(true)
  await release()
  expect(existsSync(join(folder, 'held'))).toBe(false)
})

test('it is said why a shutdown can not be held up, and that there is no bus', async () => {
  const path = join(folder, 'refuses')
  writeFileSync(path, '#!/bin/sh\necho "Failed to inhibit: Access denied" >&2\nexit 1\n')
  chmodSync(path, 0o755)
  await expect(createLogind({ inhibitor: path }).hold()).rejects.toThrow(
    'ended with 1: Failed to inhibit: Access denied',
  )
  await expect(createLogind({ inhibitor: join(folder, 'none') }).hold()).rejects.toThrow('ENOENT')
  await expect(createLogind({ bus: join(folder, 'none') }).connect()).rejects.toThrow('ENOENT')
})

const busMissing = hasBus() ? '' : ' (skipped: there is no dbus-daemon)'

test.skipIf(busMissing !== '')(`a real message bus understands us, and we it${busMissing}`, async () => {
  const path = join(folder, 'bus')
  const daemon = spawn('dbus-daemon', ['--session', '--nofork', `--address=unix:path=${path}`], { stdio: 'ignore' })
  try {
    await vi.waitFor(() => expect(existsSync(path)).toBe(true))
    const signals: string[] = []
    const bus = await DBus.connect(path, ({ member, values }) => signals.push([member, ...values].join(' ')))
    await bus.follow("type='signal',member='NameOwnerChanged'")
    const dbus = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus' }
    const call = (member: string, signature: string, values: readonly DBusValue[], owner = dbus.destination) =>
      bus.call({ ...dbus, interface: owner, member, signature, values })
    expect(await call('RequestName', 'su', ['dev.k8ts.Test', 0])).toEqual([1])
    expect(await call('NameHasOwner', 's', ['dev.k8ts.Test'])).toEqual([true])
    await expect(call('GetNameOwner', 's', ['dev.k8ts.None'])).rejects.toThrow(
      'org.freedesktop.DBus.Error.NameHasNoOwner: Could not get owner of name',
    )
    await vi.waitFor(() => expect(signals).toContainEqual(expect.stringContaining('NameOwnerChanged dev.k8ts.Test')))
    bus.close()
    await bus.ended
  } finally {
    const ended = new Promise((resolve) => daemon.once('exit', resolve))
    daemon.kill()
    await ended
  }
})

function hasBus(): boolean {
  try {
    execFileSync('dbus-daemon', ['--version'])
    return true
  } catch {
    return false
  }
}
