/**
 * Creates ConfigMaps without end and prints every one that the server acknowledged: `NAME RESOURCE_VERSION`. Servers that
 * go away are waited for. Plain JavaScript, because it runs inside of a machine under test.
 *
 * Parameters: kubeconfig, prefix of names, number of writers.
 */
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
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

function create(name) {
  const body = JSON.stringify({ metadata: { name }, data: { name } })
  return new Promise((resolve, reject) => {
    const sent = request(
      `${cluster.server}/api/v1/namespaces/default/configmaps`,
      { method: 'POST', agent, headers: { 'content-type': 'application/json' }, timeout: 5000 },
      (response) => {
        let text = ''
        response.on('data', (chunk) => (text += chunk))
        response.on('error', reject)
        response.on('end', () =>
          response.statusCode === 201 ? resolve(JSON.parse(text).metadata.resourceVersion) : reject(new Error(text)),
        )
      },
    )
    sent.on('timeout', () => sent.destroy(new Error('timeout')))
    sent.on('error', reject)
    sent.end(body)
  })
}

let number = 0

async function write() {
  for (;;) {
    const name = `${prefix}-${number++}`
    try {
      process.stdout.write(`${name} ${await create(name)}\n`)
    } catch {
      await pause(20)
    }
  }
}

for (let writer = 0; writer < Number(writers); writer++) void write()
