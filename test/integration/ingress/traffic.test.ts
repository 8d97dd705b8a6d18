import { once } from 'node:events'
import { Agent, createServer as createHttp, request } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { answering, ask, until } from './requests.ts'
import { Rig, rule, withoutEngine } from './rig.ts'

if (withoutEngine !== undefined) console.warn(`tests of Ingress traffic do not run here: ${withoutEngine}`)

describe.skipIf(withoutEngine !== undefined)('Ingress traffic', () => {
  test('HTTP/2 by TLS, and without it by those who know', async () => {
    await using rig = await Rig.start()
    await rig.service('web', [await rig.serve('web')])
    await rig.certificate('tls', ['a.example'])
    await rig.ingress(
      'web',
      { tls: [{ hosts: ['a.example'], secretName: 'tls' }], rules: [rule('a.example', '/', 'web')] },
      { 'ssl-redirect': 'false' },
    )
    const options = { servername: 'a.example', ca: rig.authority.certificate }
    await until(() => answering(rig.https, 'a.example', '/', { tls: true, ca: options.ca }), 'web')
    for (const url of [`https://127.0.0.1:${rig.https}`, `http://127.0.0.1:${rig.http}`]) {
      const session = connectHttp2(url, options)
      const streams = Array.from({ length: 20 }, async (_, index) => {
        const stream = session.request({ ':path': `/${index}`, ':authority': 'a.example' })
        const [headers] = (await once(stream, 'response')) as [{ readonly [name: string]: unknown }]
        stream.resume()
        await once(stream, 'end')
        return [headers[':status'], headers['x-server']]
      })
      expect(await Promise.all(streams)).toEqual(Array.from({ length: 20 }, () => [200, 'web']))
      session.close()
    }
  })

  test('WebSockets, which live on when routes change', async () => {
    await using rig = await Rig.start()
    const server = createHttp()
    const sockets = new WebSocketServer({ server })
    sockets.on('connection', (socket) => socket.on('message', (data: Buffer) => socket.send(`echo ${data.toString()}`)))
    await rig.service('ws', [await rig.own(server)])
    await rig.service('web', [await rig.serve('web')])
    await rig.ingress('ws', { rules: [rule('ws.example', '/', 'ws')] })
    await rig.ingress('web', { rules: [rule('a.example', '/', 'web')] })
    await until(() => answering(rig.http, 'a.example', '/'), 'web')
    const socket = new WebSocket(`ws://127.0.0.1:${rig.http}/chat`, { headers: { host: 'ws.example' } })
    await once(socket, 'open')
    const echo = async (text: string): Promise<string> => {
      socket.send(text)
      const [data] = (await once(socket, 'message')) as [Buffer]
      return data.toString()
    }
    expect(await echo('one')).toBe('echo one')
    await rig.ingress('later', { rules: [rule('b.example', '/', 'web')] })
    await until(() => answering(rig.http, 'b.example', '/'), 'web')
    expect(await echo('two')).toBe('echo two')
    socket.close()
    await once(socket, 'close')
    for (const client of sockets.clients) client.terminate()
  })

  test('gRPC, to ports that say they speak it', async () => {
    await using rig = await Rig.start()
    await rig.service('echo', [await rig.calls()], 'kubernetes.io/h2c')
    await rig.ingress('echo', { rules: [rule('', '/test.Echo', 'echo')] })
    await until(() => rig.call('/test.Echo/Say', 'hello'), 'hello')
  })

  test('large bodies both ways, and slow ones', async () => {
    await using rig = await Rig.start()
    const port = await rig.listen((incoming, response) => {
      response.setHeader('x-server', 'mirror')
      incoming.pipe(response)
    })
    await rig.service('mirror', [port])
    await rig.ingress('mirror', { rules: [rule('a.example', '/', 'mirror')] })
    await until(() => answering(rig.http, 'a.example', '/'), 'mirror')
    const large = Buffer.alloc(64 << 20, 'k8ts ')
    const { status, body } = await ask(rig.http, 'a.example', '/', { method: 'POST', body: large })
    expect([status, body.length, body.endsWith(large.subarray(-100).toString())]).toEqual([200, large.length, true])
    const slow = request({
      host: '127.0.0.1',
      port: rig.http,
      method: 'POST',
      path: '/',
      headers: { host: 'a.example', 'transfer-encoding': 'chunked' },
    })
    const [response, pieces] = await new Promise<[number, string]>((resolve, reject) => {
      slow.on('error', reject)
      slow.on('response', (incoming) => {
        let text = ''
        incoming.on('data', (chunk: Buffer) => (text += chunk.toString()))
        incoming.on('end', () => resolve([incoming.statusCode ?? 0, text]))
      })
      let sent = 0
      const timer = setInterval(() => {
        slow.write(`piece ${sent} `)
        if (++sent === 10) {
          clearInterval(timer)
          slow.end()
        }
      }, 100)
    })
    expect([response, pieces]).toEqual([200, Array.from({ length: 10 }, (_, index) => `piece ${index} `).join('')])
  })

  test('no request fails while endpoints and routes change under load', async () => {
    await using rig = await Rig.start()
    let ports = await Promise.all(['v0-a', 'v0-b'].map((name) => rig.serve(name)))
    await rig.service('web', ports)
    await rig.ingress('web', { rules: [rule('a.example', '/', 'web')] })
    await until(async () => (await answering(rig.http, 'a.example', '/')).startsWith('v0'), true)
    const agent = new Agent({ keepAlive: true, maxSockets: 16 })
    const failures: string[] = []
    const servers = new Set<string>()
    let requests = 0
    const load = new AbortController()
    const clients = Array.from({ length: 16 }, async (_, client) => {
      while (!load.signal.aborted) {
        // Some clients keep their connections, others don't.
        const server = await answering(rig.http, 'a.example', '/', client % 2 === 0 ? { agent } : {})
        requests++
        if (/^v\d/.test(server)) servers.add(server)
        else failures.push(server)
      }
    })
    for (let round = 1; round <= 5; round++) {
      const next = await Promise.all(['a', 'b'].map((name) => rig.serve(`v${round}-${name}`)))
      for (const [index, port] of next.entries()) {
        await rig.endpoint('web', port)
        await until(async () => servers.has(`v${round}-${index === 0 ? 'a' : 'b'}`), true)
        const old = ports[index] ?? 0
        await rig.endpoint('web', old, { ready: false, serving: true, terminating: true })
        // Containers end, as they do, when the news has not gone everywhere.
        await rig.end(old)
        await rig.withoutEndpoint('web', old)
      }
      ports = next
      await rig.ingress(`other-${round}`, { rules: [rule(`other-${round}.example`, '/', 'web')] })
      await until(async () => (await answering(rig.http, `other-${round}.example`, '/')).startsWith('v'), true)
    }
    load.abort()
    await Promise.all(clients)
    agent.destroy()
    expect(failures).toEqual([])
    expect(requests).toBeGreaterThan(500)
  })

  test('what one client does not finish is not in the way of others', async () => {
    await using rig = await Rig.start()
    await rig.service('web', [await rig.serve('web')])
    await rig.ingress('web', { rules: [rule('a.example', '/', 'web')] })
    await until(() => answering(rig.http, 'a.example', '/'), 'web')
    const hanging = Array.from({ length: 50 }, () => {
      const open = request({ host: '127.0.0.1', port: rig.http, method: 'POST', headers: { 'content-length': 100 } })
      open.on('error', () => undefined)
      open.write('x')
      return open
    })
    const answers = await Promise.all(Array.from({ length: 50 }, () => answering(rig.http, 'a.example', '/')))
    expect(new Set(answers)).toEqual(new Set(['web']))
    for (const open of hanging) open.destroy()
  })
})
