import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProbeNetwork } from './probe-network.ts'

let server: Server
let port: number

/** Answers whatever comes with what is no protocol. */
beforeAll(async () => {
  server = createServer((socket) =>
    socket
      .on('error', () => {})
      .resume()
      .end('garbage\n'),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})

afterAll(() => new Promise((resolve) => server.close(resolve)))

test('an answer that is no HTTP is told with its first line', async () => {
  const asked = createProbeNetwork().http({ url: `http://127.0.0.1:${port}/`, headers: [], timeoutMs: 10_000 })
  await expect(asked).rejects.toThrow(
    `Get "http://127.0.0.1:${port}/": net/http: HTTP/1.x transport connection broken: malformed HTTP response "garbage"`,
  )
})

test('where nobody speaks gRPC, connecting takes too long, also when it is refused at once', async () => {
  const late = { kind: 'connect-timeout', message: 'context deadline exceeded' }
  expect(await createProbeNetwork().grpc('127.0.0.1', 1, '', 10_000)).toEqual(late)
})
