/**
 * Asks an address as if it were a host, again and again from some clients, until it is told to end (SIGTERM). Then it says
 * how many requests there were, and what came of those that failed. Some clients keep their connection, every other one
 * when it is not said how many; the others take a new one each time.
 *
 * node load.mjs ADDRESS HOST CLIENTS [KEEPING]
 */
import { Agent, request } from 'node:http'

const [address, host, clients, keeping = clients / 2] = process.argv.slice(2)
const failures = []
let requests = 0
const end = new AbortController()
process.once('SIGTERM', () => end.abort())

const statusOf = (agent) =>
  new Promise((resolve) => {
    request({ host: address, headers: { host }, agent, timeout: 10_000 }, (response) => {
      response.resume()
      response.on('end', () => resolve(String(response.statusCode)))
      response.on('error', (error) => resolve(error.message))
    })
      .on('error', (error) => resolve(error.message))
      .on('timeout', function () {
        this.destroy(new Error('no answer for 10 seconds'))
      })
      .end()
  })

console.log('asking')
await Promise.all(
  Array.from({ length: Number(clients) }, async (_, index) => {
    const agent = new Agent({ keepAlive: index < keeping, maxSockets: 1 })
    while (!end.signal.aborted) {
      const status = await statusOf(agent)
      requests++
      if (status !== '200') failures.push(status)
    }
    agent.destroy()
  }),
)
console.log(JSON.stringify({ requests, failures }))
