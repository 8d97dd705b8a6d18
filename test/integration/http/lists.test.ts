import { gunzipSync } from 'node:zlib'
import { request } from 'node:https'
import { beforeAll, describe, expect, test } from 'vitest'
import { groupVersions, linkTypes } from '#api'
import type { StructType } from '#api'
import { encodeProtobuf, encodeYaml, prettyJson } from '#machinery'
import type { KubeObject } from '#machinery'
import { startTestServer } from '../apiserver/server.ts'
import type { TestServer as TestApi } from '../apiserver/server.ts'
import { startServer } from './server.ts'

const collection = '/api/v1/namespaces/default/configmaps'
const count = 400

interface Table {
  readonly rows: readonly { readonly cells: readonly unknown[] }[]
}

let api: TestApi

beforeAll(async () => {
  api = await startTestServer()
  for (let index = 0; index < count; index++)
    await api.request('POST', collection, { metadata: { name: `m-${index}` }, data: { text: `${index} `.repeat(500) } })
  return async () => api[Symbol.asyncDispose]()
})

/** The bytes of a list, over the wire. */
async function read(
  accept: string,
  encoding = 'identity',
  query = '',
): Promise<{ readonly type: string; readonly bytes: Buffer }> {
  await using server = await startServer((asked) => api.server.serve(asked))
  const headers = { accept, 'accept-encoding': encoding }
  return await new Promise((resolve, reject) => {
    const options = { ca: server.authority, headers, agent: false }
    request(`${server.url}${collection}${query}`, options, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () => resolve({ type: response.headers['content-type'] ?? '', bytes: Buffer.concat(pieces) }))
    })
      .on('error', reject)
      .end()
  })
}

describe('A list that is larger than a piece', () => {
  test('has all its objects, whatever the form', async () => {
    const json = await read('application/json')
    const list = JSON.parse(json.bytes.toString()) as KubeObject & { readonly items: readonly KubeObject[] }
    expect([json.type, list.kind, list.items.length]).toEqual(['application/json', 'ConfigMapList', count])
    expect(list.items.at(-1)).toMatchObject({ metadata: { name: 'm-99' }, data: { text: '99 '.repeat(500) } })

    const protobuf = await read('application/vnd.kubernetes.protobuf')
    const struct = linkTypes(groupVersions).get('core/v1.ConfigMapList') as StructType
    expect(protobuf.type).toBe('application/vnd.kubernetes.protobuf')
    expect(protobuf.bytes.equals(Buffer.from(encodeProtobuf(struct, list)))).toBe(true)

    const yaml = await read('application/yaml')
    expect([yaml.type, yaml.bytes.equals(Buffer.from(encodeYaml(list)))]).toEqual(['application/yaml', true])

    const pretty = await read('application/json', 'identity', '?pretty=true')
    expect(pretty.bytes.toString()).toBe(prettyJson(list))

    const asked = 'as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'
    const partial = JSON.parse((await read(`application/json;${asked}`)).bytes.toString()) as typeof list
    expect([partial.kind, partial.metadata]).toEqual(['PartialObjectMetadataList', list.metadata])
    expect(partial.items.map(({ kind, metadata }) => ({ kind, metadata }))).toEqual(
      list.items.map(({ metadata }) => ({ kind: 'PartialObjectMetadata', metadata })),
    )
    const message = await read(`application/vnd.kubernetes.protobuf;${asked}`)
    const partialStruct = linkTypes(groupVersions).get('meta/v1.PartialObjectMetadataList') as StructType
    expect(message.bytes.equals(Buffer.from(encodeProtobuf(partialStruct, partial)))).toBe(true)

    const table = JSON.parse((await read('application/json;as=Table;g=meta.k8s.io;v=v1')).bytes.toString()) as Table
    expect(Object.keys(table)).toEqual(['kind', 'apiVersion', 'metadata', 'columnDefinitions', 'rows'])
    expect(table.rows.map(({ cells }) => cells[0])).toEqual(list.items.map(({ metadata }) => metadata.name))

    const zipped = await read('application/json', 'gzip')
    expect(zipped.bytes.length).toBeLessThan(json.bytes.length / 10)
    expect(gunzipSync(zipped.bytes).equals(json.bytes)).toBe(true)
  })
})
