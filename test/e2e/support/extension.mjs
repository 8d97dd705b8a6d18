/** Serves what clusters ask their extensions for: admission reviews, conversions, an API group. Arguments: certificate, key. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'

const [certificate, key] = process.argv.slice(2).map((file) => readFileSync(file))
const group = 'e2e.example.com/v1'

createServer({ cert: certificate, key }, (request, response) => {
  let text = ''
  request.on('data', (chunk) => (text += chunk))
  request.on('end', () => {
    const answer = request.method === 'GET' ? apiOf(request.url) : reviewed(JSON.parse(text))
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}))
  })
}).listen(8443)

function reviewed({ apiVersion, kind, request: { uid, objects, desiredAPIVersion, object } }) {
  const response =
    kind === 'ConversionReview'
      ? {
          uid,
          result: { status: 'Success' },
          convertedObjects: objects.map((each) => ({ ...each, apiVersion: desiredAPIVersion })),
        }
      : { uid, allowed: object?.metadata?.labels?.allowed !== 'no', status: { message: 'the pod says no' } }
  return { apiVersion, kind, response }
}

function apiOf(url) {
  if (url === `/apis/${group}`) {
    const resource = { name: 'things', singularName: 'thing', namespaced: false, kind: 'Thing', verbs: ['list'] }
    return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: group, resources: [resource] }
  }
  if (url.startsWith(`/apis/${group}/things`)) {
    return {
      kind: 'ThingList',
      apiVersion: group,
      metadata: {},
      items: [{ kind: 'Thing', apiVersion: group, metadata: { name: 'one' } }],
    }
  }
  return undefined
}
