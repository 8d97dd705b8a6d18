import { expect, test } from 'vitest'
import { yamlToJson } from '#machinery'
import { startClusterServer } from './server.ts'

const maps = '/api/v1/namespaces/default/configmaps'
const text = (name: string, lines: number): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n` +
  Array.from({ length: lines }, (_, index) => `  k${index}: value of ${index}\n`).join('')

test('YAML that takes long is read where nobody waits for it, whatever it is the body of', async () => {
  const read: number[] = []
  await using server = await startClusterServer(
    {},
    {
      readLongYaml: async (bytes) => {
        read.push(bytes.length)
        return yamlToJson(bytes)
      },
    },
  )
  const send = async (method: string, url: string, type: string, body: string): Promise<number> =>
    (await server.request(method, url, body, { 'content-type': type })).code
  expect(await send('POST', maps, 'application/yaml', text('short', 5))).toBe(201)
  expect(
    await send(
      'POST',
      maps,
      'application/yaml',
      JSON.stringify({ metadata: { name: 'j' }, data: { a: 'x'.repeat(50_000) } }),
    ),
  ).toBe(201)
  expect(read).toEqual([])
  expect(await send('POST', maps, 'application/yaml', text('long', 2000))).toBe(201)
  expect(await send('PUT', `${maps}/long`, 'application/yaml', text('long', 2001))).toBe(200)
  expect(
    await send('PATCH', `${maps}/applied?fieldManager=m`, 'application/apply-patch+yaml', text('applied', 2002)),
  ).toBe(201)
  const options = `kind: DeleteOptions\napiVersion: v1\n${'# nothing\n'.repeat(2000)}`
  expect(await send('DELETE', `${maps}/long`, 'application/yaml', options)).toBe(200)
  expect(await send('POST', maps, 'application/yaml', `${text('wrong', 2000)}\t- a`)).toBe(400)
  expect(read).toHaveLength(5)
  const { body } = await server.request('GET', `${maps}/applied`)
  expect(Object.keys((body as { readonly data: object }).data)).toHaveLength(2002)
})
