/**
 * Writes ConfigMaps without end, and says so before and after: every object is created, changed some times and deleted.
 * An object whose write has no clear outcome is left to those who check. Plain JavaScript, because it runs inside of a
 * machine under test.
 *
 * Parameters: kubeconfig, prefix of names, number of writers. A line on standard input, `pause` or `resume`, holds the
 * writers back (it says `paused` when no request is under way) or lets them go on. `support/ledger.ts` knows what it prints.
 */
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'

const [kubeconfig = '', prefix = '', writers = '8'] = process.argv.slice(2)
const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'))
const pem = (base64) => Buffer.from(base64, 'base64').toString()
const [{ cluster }] = clusters
const [{ user }] = users
const agent = new Agent({
  keepAlive: true,
  ca: pem(cluster['certificate-authority-data']),
  cert: pem(user['client-certificate-data']),
  key: pem(user['client-key-data']),
})
const collection = '/api/v1/namespaces/default/configmaps'
const changes = 5

/** Resolves with status and body; rejects where it is not known what became of the request. */
function send(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    const sent = request(`${cluster.server}${path}`, { method, agent, headers, timeout: 10_000 }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += chunk))
      response.on('error', reject)
      response.on('aborted', () => reject(new Error('cut off')))
      response.on('end', () => resolve({ status: response.statusCode, text }))
    })
    sent.on('timeout', () => sent.destroy(new Error('timeout')))
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Both fields follow from the serial number, so that a half of one write with a half of another shows. */
const bodyOf = (name, serial) =>
  JSON.stringify({
    metadata: { name, labels: { serial: String(serial) } },
    data: { serial: String(serial), filling: `${name}/${serial};`.repeat(20 + (serial % 7) * 20) },
  })

const say = (...words) => process.stdout.write(`${words.join(' ')}\n`)
let number = 0
let highest = 0
let underWay = 0
let go = Promise.resolve()
let release = () => undefined
let isPaused = false

/** Whether the write came to its end. */
async function write(method, name, serial, expected) {
  await go
  underWay++
  try {
    const after = highest
    say('try', name, serial)
    const path = method === 'POST' ? collection : `${collection}/${name}`
    const { status, text } = await send(method, path, method === 'DELETE' ? undefined : bodyOf(name, serial))
    if (status !== expected) {
      if (status < 500 && status !== 429) say('odd', name, serial, status, text.trim())
      return false
    }
    const revision = method === 'DELETE' ? after : Number(JSON.parse(text).metadata.resourceVersion)
    if (method !== 'DELETE' && revision <= after) say('odd', name, serial, `revision ${revision} after ${after}`)
    highest = Math.max(highest, revision)
    say('ack', name, serial, revision)
    return true
  } catch {
    return false
  } finally {
    underWay--
    if (isPaused && underWay === 0) say('paused')
  }
}

async function writeOn() {
  for (;;) {
    const name = `${prefix}-${number++}`
    const isWhole = await lifeOf(name)
    if (!isWhole) await sleep(20)
  }
}

async function lifeOf(name) {
  if (!(await write('POST', name, 1, 201))) return false
  for (let serial = 2; serial <= changes; serial++) if (!(await write('PUT', name, serial, 200))) return false
  return write('DELETE', name, 0, 200)
}

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'pause') {
    isPaused = true
    go = new Promise((resolve) => (release = resolve))
    if (underWay === 0) say('paused')
  } else if (line === 'resume') {
    isPaused = false
    release()
  }
})

for (let writer = 0; writer < Number(writers); writer++) void writeOn()
