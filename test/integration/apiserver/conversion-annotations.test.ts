import { expect, test } from 'vitest'
import type { KubeObject } from '#machinery'
import { good } from './groups/objects.ts'
import { startTestServer } from './server.ts'

const partial = { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' }
const merge = { 'content-type': 'application/merge-patch+json' }
const annotation = 'deprecated.daemonset.template.generation'

test('metadata alone lacks the annotations in which a version keeps what is elsewhere', async () => {
  await using server = await startTestServer()
  const url = '/apis/apps/v1/namespaces/default/daemonsets'
  const labels = { a: 'b' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } }
  const made = await server.request('POST', url, {
    metadata: { name: 'd', annotations: { own: '1' } },
    spec: { selector: { matchLabels: labels }, template },
  })
  expect(good(made).metadata.annotations).toEqual({ own: '1', [annotation]: '1' })
  const alone = await server.request('GET', `${url}/d`, undefined, partial)
  expect(good(alone).metadata.annotations).toEqual({ own: '1' })
})

test('who writes what a version keeps in annotations owns the annotations', async () => {
  await using server = await startTestServer()
  const url = '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers'
  const spec = { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' } }
  good(await server.request('POST', url, { metadata: { name: 'h' }, spec }))
  const status = { currentReplicas: 1, desiredReplicas: 1, currentCPUUtilizationPercentage: 50 }
  const written: KubeObject = good(await server.request('PATCH', `${url}/h/status`, { status }, merge))
  const own = written.metadata.managedFields?.find(({ subresource }) => subresource === 'status')
  expect(own?.fieldsV1).toMatchObject({
    'f:metadata': { 'f:annotations': { 'f:autoscaling.alpha.kubernetes.io/current-metrics': {} } },
  })
})

test('a count of templates that is none is refused, by each way of writing in its words', async () => {
  await using server = await startTestServer()
  const url = '/apis/apps/v1/namespaces/default/daemonsets'
  const labels = { a: 'b' }
  const spec = {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } },
  }
  const set = (name: string, count?: string): object => ({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, ...(count === undefined ? {} : { annotations: { [annotation]: count } }) },
    spec,
  })
  const told = async (
    method: string,
    path: string,
    body: object,
    type = 'application/json',
  ): Promise<readonly unknown[]> => {
    const answer = await server.request(method, `${url}${path}`, body, { 'content-type': type })
    return [answer.code, (answer.body as { readonly message?: string }).message]
  }
  const why = 'strconv.ParseInt: parsing "x": invalid syntax'
  const unreadable = `DaemonSet in version "v1" cannot be handled as a DaemonSet: ${why}`
  expect(await told('POST', '', set('d', 'x'))).toEqual([400, unreadable])
  good(await server.request('POST', url, set('d')))
  expect(await told('PUT', '/d', set('d', 'x'))).toEqual([400, unreadable])
  const change = { metadata: { annotations: { [annotation]: 'x' } } }
  const merged = await told('PATCH', '/d', change, merge['content-type'])
  expect(merged[0]).toBe(422)
  expect(merged[1]).toMatch(/^ "" is invalid: patch: Invalid value: .*: strconv.ParseInt: parsing "x": invalid syntax$/)
  expect(await told('PATCH', '/d', change, 'application/strategic-merge-patch+json')).toEqual([500, why])
  const apply = 'application/apply-patch+yaml'
  expect(await told('PATCH', '/e?fieldManager=f', set('e', 'x'), apply)).toEqual([
    500,
    `failed to convert to unversioned (/e; apps/v1, Kind=DaemonSet): ${why}`,
  ])
  const empty = { ...set('e'), metadata: { name: 'e', annotations: { [annotation]: null } } }
  expect(await told('PATCH', '/e?fieldManager=f', empty, apply)).toEqual([
    500,
    'failed to convert to unversioned (/e; apps/v1, Kind=DaemonSet): strconv.ParseInt: parsing "": invalid syntax',
  ])
  expect((await told('POST', '', set('e', '9223372036854775808')))[1]).toMatch(/value out of range$/)
})
