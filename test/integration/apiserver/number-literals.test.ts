import { expect, test } from 'vitest'
import { startClusterServer } from './server.ts'

const deployments = '/apis/apps/v1/namespaces/default/deployments'
const web = `${deployments}/web`
const pod = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'x:1.25' }] } }
const deployment = {
  metadata: { name: 'web' },
  spec: { replicas: 3, selector: { matchLabels: { a: 'b' } }, template: pod },
}

async function started(): Promise<Awaited<ReturnType<typeof startClusterServer>>> {
  const server = await startClusterServer()
  await server.request('POST', deployments, deployment)
  return server
}

type Server = Awaited<ReturnType<typeof startClusterServer>>

/** Code, and the message or the number of replicas. */
async function patched(server: Server, kind: string, text: string, path = web): Promise<readonly [number, unknown]> {
  const body = text
  const { code, body: answer } = await server.request('PATCH', path, body, { 'content-type': `application/${kind}` })
  const { message, spec } = answer as { readonly message?: string; readonly spec?: { readonly replicas?: number } }
  return [code, message ?? spec?.replicas]
}

const merge = (literal: string): string => `{"spec":{"replicas":${literal}}}`
const json = (literal: string): string => `[{"op":"replace","path":"/spec/replicas","value":${literal}}]`

test.each(['5.0', '5e0', '5.5', '1e400', '2147483648', '18446744073709551616'])(
  'a JSON or merge patch that writes %s for an integer is refused with that text',
  async (literal) => {
    await using server = await started()
    const why = `json: cannot unmarshal number ${literal} into Go struct field DeploymentSpec.spec.replicas of type int32`
    for (const [kind, text] of [
      ['merge-patch+json', merge(literal)],
      ['json-patch+json', json(literal)],
    ] as const) {
      const [code, message] = await patched(server, kind, text, `${web}?fieldValidation=Ignore`)
      expect([code, String(message).includes(`\\"replicas\\":${literal},`), String(message).endsWith(why)]).toEqual([
        422,
        true,
        true,
      ])
    }
    expect((await server.request('GET', web)).body).toMatchObject({ spec: { replicas: 3 } })
  },
)

test('strategic merge patches and applied objects take numbers by their value', async () => {
  await using server = await started()
  expect(await patched(server, 'strategic-merge-patch+json', merge('5.0'))).toEqual([200, 5])
  const applied = `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":6e0}}`
  const path = `${web}?fieldManager=m&force=true`
  expect(await patched(server, 'apply-patch+yaml', applied, path)).toEqual([200, 6])
  expect(await patched(server, 'merge-patch+json', merge('-0'))).toEqual([200, 0])
})

test('a number that no double holds is refused before a merge patch is applied, unless nobody looks', async () => {
  await using server = await started()
  const why = 'error decoding patch: json: cannot unmarshal number 1e400 into Go value of type float64'
  expect(await patched(server, 'merge-patch+json', merge('1e400'))).toEqual([400, why])
})

test('a JSON patch compares numbers as they are written', async () => {
  await using server = await started()
  const step = (literal: string): string => `[{"op":"test","path":"/spec/replicas","value":${literal}}]`
  expect((await patched(server, 'json-patch+json', step('3.0')))[0]).toBe(422)
  expect(await patched(server, 'json-patch+json', step('3'))).toEqual([200, 3])
})

test('quantities keep the text of numbers in patches', async () => {
  await using server = await started()
  const overhead = '{"spec":{"template":{"spec":{"overhead":{"cpu":5e0}}}}}'
  const body = overhead
  const { body: answer } = await server.request('PATCH', `${web}?dryRun=All`, body, {
    'content-type': 'application/merge-patch+json',
  })
  expect(answer).toMatchObject({ spec: { template: { spec: { overhead: { cpu: '5e0' } } } } })
})

test('whole numbers beyond 2^53 are applied as they are', async () => {
  await using server = await started()
  const map = (number: string): string =>
    `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":${number}}}`
  const path = '/api/v1/namespaces/default/configmaps/a?fieldManager=m'
  const shown = async (number: string): Promise<string> =>
    String((await patched(server, 'apply-patch+yaml', map(number), path))[1]).replace(/^.*\{Value:(.*)\}$/, '$1')
  expect([await shown('9007199254740993'), await shown('1000000'), await shown('1e23')]).toEqual([
    '9007199254740993',
    '1000000',
    '1e+23',
  ])
})

test('options of a deletion are refused for numbers that are written as no integers', async () => {
  await using server = await started()
  const body = '{"gracePeriodSeconds":5.0}'
  const why = 'json: cannot unmarshal number 5.0 into Go struct field DeleteOptions.gracePeriodSeconds of type int64'
  const { code, body: answer } = await server.request('DELETE', web, body)
  expect([code, answer]).toMatchObject([400, { message: why }])
})

test('numbers of YAML that 64 bits do not hold are doubles', async () => {
  await using server = await started()
  const text = JSON.stringify({ ...deployment, metadata: { name: 'b' } }).replace(
    '"replicas":3',
    '"replicas":-9223372036854775809',
  )
  const body = text
  const { body: answer } = await server.request('POST', deployments, body, { 'content-type': 'application/yaml' })
  expect(answer).toMatchObject({ message: expect.stringContaining('number -9223372036854776000 into') as string })
})
