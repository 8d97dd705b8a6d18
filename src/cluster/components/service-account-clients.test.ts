import { beforeEach, expect, test } from 'vitest'
import { VirtualClock } from '#base'
import { configmaps } from '#api/core/v1'
import { createClient } from '#client'
import type { ApiRequest, Transport } from '#client'
import { ServiceAccountClients } from './service-account-clients.ts'

const hour = 3_600_000
const key = { namespace: 'default', name: 'a' }

const clock = new VirtualClock()
let asked: string[] = []
let shown: (string | undefined)[] = []
let accounts = new Set<string>()
let answer = 200
beforeEach(() => {
  asked = []
  shown = []
  accounts = new Set(['job-controller'])
  answer = 200
})

const respond = (code: number, object: object): Awaited<ReturnType<Transport>> => ({
  kind: 'object',
  code,
  object,
  encode: () => ({ contentType: 'application/json', bytes: new Uint8Array() }),
})

/** The manager's own way: tokens by number. */
const manager: Transport = async ({ method, path, body }: ApiRequest) => {
  const name = /serviceaccounts\/([^/]+)\/token$/.exec(path)?.[1]
  asked.push(`${method} ${path}`)
  if (name === undefined) {
    const { object } = body as { readonly object: { readonly metadata: { readonly name: string } } }
    accounts.add(object.metadata.name)
    return respond(201, object)
  }
  if (!accounts.has(name)) return respond(404, { kind: 'Status', code: 404, reason: 'NotFound', message: 'none' })
  const expirationTimestamp = new Date(clock.now() + hour).toISOString()
  return respond(201, { kind: 'TokenRequest', status: { token: `${name}-${asked.length}`, expirationTimestamp } })
}

const bare: Transport = async ({ headers }) => {
  shown.push(headers['authorization'])
  return respond(answer, answer === 200 ? { kind: 'ConfigMap', metadata: key } : { kind: 'Status', code: answer })
}

const clients = (): ServiceAccountClients =>
  new ServiceAccountClients({
    client: createClient(manager, { userAgent: 'manager' }),
    transport: bare,
    clock,
    userAgent: 'kube-controller-manager/v1',
  })

test('requests that come together share a token, and the next one is asked for when its hour is nearly over', async () => {
  const client = clients().for('job-controller')
  const get = (): Promise<unknown> => client.get(configmaps, key)
  await Promise.all([get(), get()])
  await clock.advance(0.75 * hour)
  await get()
  await clock.advance(0.1 * hour)
  await Promise.all([get(), get()])
  expect(shown).toEqual([...Array(3).fill('Bearer job-controller-1'), ...Array(2).fill('Bearer job-controller-2')])
})

test('a service account that is not there yet is made', async () => {
  await clients().for('cronjob-controller').get(configmaps, key)
  expect(asked).toEqual([
    'POST /api/v1/namespaces/kube-system/serviceaccounts/cronjob-controller/token',
    'POST /api/v1/namespaces/kube-system/serviceaccounts',
    'POST /api/v1/namespaces/kube-system/serviceaccounts/cronjob-controller/token',
  ])
  expect(shown).toEqual(['Bearer cronjob-controller-3'])
})

test('a token that the server does not take any more is given up', async () => {
  const client = clients().for('job-controller')
  answer = 401
  await expect(client.get(configmaps, key)).rejects.toThrow()
  answer = 200
  await client.get(configmaps, key)
  expect(shown).toEqual(['Bearer job-controller-1', 'Bearer job-controller-2'])
})
