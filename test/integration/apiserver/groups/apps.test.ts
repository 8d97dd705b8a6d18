import { describe, expect, test } from 'vitest'
import type { DaemonSet, Deployment, StatefulSet } from '#api/apps/v1'
import type { Scale } from '#api/autoscaling/v1'
import { startTestServer } from '../server.ts'
import type { Answer } from '../server.ts'
import { good, message, patch, refusals, selector, table, template } from './objects.ts'

const apps = '/apis/apps/v1/namespaces/default'
const deployments = `${apps}/deployments`

const deployment = (spec: object = {}): object => ({ metadata: { name: 'a' }, spec: { selector, template, ...spec } })

describe('deployments', () => {
  test('what is not said takes its default', async () => {
    await using server = await startTestServer()
    const { metadata, spec } = good<Deployment>(await server.request('POST', deployments, deployment()))
    expect(metadata.generation).toBe(1)
    expect(spec).toMatchObject({
      replicas: 1,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    })
  })

  test('the generation follows the spec, and neither labels nor the status', async () => {
    await using server = await startTestServer()
    await server.request('POST', deployments, deployment())
    const generation = async (path: string, body: object): Promise<number | undefined> =>
      good(await patch(server, `${deployments}/${path}`, body)).metadata.generation
    expect(await generation('a', { metadata: { labels: { x: 'y' } } })).toBe(1)
    expect(await generation('a/status', { status: { replicas: 1 }, spec: { replicas: 7 } })).toBe(1)
    expect(await generation('a', { spec: { replicas: 2 } })).toBe(2)
    const { spec, status } = good<Deployment>(await server.request('GET', `${deployments}/a`))
    expect([spec.replicas, status?.replicas]).toEqual([2, 1])
  })

  test('the selector takes the labels of the template, and stays', async () => {
    await using server = await startTestServer()
    const stranger = { ...template, metadata: { labels: { app: 'b' } } }
    expect(refusals(await server.request('POST', deployments, deployment({ template: stranger })))).toEqual([
      'spec.template.metadata.labels: Invalid value: {"app":"b"}: `selector` does not match template `labels`',
    ])
    expect(refusals(await server.request('POST', deployments, deployment({ selector: {} })))).toContain(
      'spec.selector: Invalid value: {}: empty selector is invalid for deployment',
    )
    await server.request('POST', deployments, deployment())
    const moved = { selector: { matchLabels: { app: 'b' } }, template: stranger }
    const [refusal] = refusals(await patch(server, `${deployments}/a`, { spec: moved }))
    expect(refusal).toMatch(/^spec\.selector: Invalid value: .*: field is immutable$/)
  })

  test('a rollout that could never go on is refused', async () => {
    await using server = await startTestServer()
    const rollingUpdate = { maxUnavailable: 0, maxSurge: '0%' }
    const still = deployment({ strategy: { type: 'RollingUpdate', rollingUpdate } })
    expect(refusals(await server.request('POST', deployments, still))).toEqual([
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0',
    ])
    const recreated = deployment({ strategy: { type: 'Recreate', rollingUpdate: {} } })
    expect(refusals(await server.request('POST', deployments, recreated))).toEqual([
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
    ])
  })

  test('the status counts no pod twice', async () => {
    await using server = await startTestServer()
    await server.request('POST', deployments, deployment())
    const status = { replicas: 1, readyReplicas: 2, availableReplicas: 3 }
    expect(refusals(await patch(server, `${deployments}/a/status`, { status }))).toEqual([
      'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
      'status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas',
      'status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas',
    ])
  })

  test('their scale shows and sets the replicas', async () => {
    await using server = await startTestServer()
    await server.request('POST', deployments, deployment())
    const scale = good<Scale>(await server.request('GET', `${deployments}/a/scale`))
    expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 1 }, status: { replicas: 0, selector: 'app=a' } })
    await server.request('PUT', `${deployments}/a/scale`, { ...scale, spec: { replicas: 5 } })
    expect(good<Deployment>(await server.request('GET', `${deployments}/a`)).spec.replicas).toBe(5)
    expect(refusals(await patch(server, `${deployments}/a/scale`, { spec: { replicas: -1 } }))).toEqual([
      'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ])
  })

  test('the metadata of a scale is held to its rules, in a namespace and under a name', async () => {
    await using server = await startTestServer()
    await server.request('POST', deployments, deployment())
    const put = async (metadata: object): Promise<Answer> =>
      server.request('PUT', `${deployments}/a/scale`, { metadata, spec: { replicas: -1 } })
    expect(refusals(await put({ name: 'a', resourceVersion: 'x', finalizers: ['x'] }))).toEqual([
      'metadata.finalizers[0]: Invalid value: "x": name is neither a standard finalizer name nor is it fully qualified',
      'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ])
    expect(message(await put({ namespace: 'other' }))).toBe(
      'the namespace of the provided object does not match the namespace sent on the request',
    )
    const nameless = 'the name of the object (a based on URL) was undeterminable: name must be provided'
    expect(message(await put({}))).toBe(nameless)
    const unnamed = [{ op: 'replace', path: '/metadata', value: { uid: 'x' } }]
    const headers = { 'content-type': 'application/json-patch+json' }
    expect(message(await server.request('PATCH', `${deployments}/a/scale`, unnamed, headers))).toBe(nameless)
  })

  test('a scale has a table and its metadata alone', async () => {
    await using server = await startTestServer()
    await server.request('POST', deployments, deployment({ replicas: 3 }))
    const url = `${deployments}/a/scale`
    expect(await table(server, url)).toEqual([
      ['Name', 'Desired', 'Available', 'Age'],
      ['a', 3, 0, '0s'],
    ])
    const accept = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'
    const { body } = await server.request('GET', url, undefined, { accept })
    expect(body).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a' } })
    expect(body).not.toHaveProperty('spec')
    const list = { accept: accept.replace('Metadata;', 'MetadataList;') }
    expect(message(await server.request('GET', url, undefined, list))).toBe(
      'you requested PartialObjectMetadataList, but the requested object is not a list (*autoscaling.Scale)',
    )
  })

  test('an applied scale is read as its type', async () => {
    await using server = await startTestServer()
    await server.request('POST', deployments, deployment())
    const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'a' }, spec: { replicas: 1.5 } }
    const headers = { 'content-type': 'application/apply-patch+yaml' }
    const url = `${deployments}/a/scale?fieldManager=m&force=true`
    expect(message(await server.request('PATCH', url, scale, headers))).toMatch(/: cannot convert float64 to int32$/)
  })

  test('their table has the containers of the template', async () => {
    await using server = await startTestServer()
    await server.request('POST', deployments, deployment({ replicas: 3 }))
    expect(await table(server, deployments)).toEqual([
      ['Name', 'Ready', 'Up-to-date', 'Available', 'Age', 'Containers', 'Images', 'Selector'],
      ['a', '0/3', 0, 0, '0s', 'c', 'nginx', 'app=a'],
    ])
  })
})

describe('stateful sets', () => {
  const sets = `${apps}/statefulsets`
  const claim = (spec: object): object => ({ metadata: { name: 'data' }, spec })
  const set = (spec: object = {}): object => ({ metadata: { name: 's' }, spec: { selector, template, ...spec } })

  test('templates of claims are named by their kind and have the rules of claims', async () => {
    await using server = await startTestServer()
    const wanted = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
    const { spec } = good<StatefulSet>(
      await server.request('POST', sets, set({ volumeClaimTemplates: [claim(wanted)] })),
    )
    expect(spec.volumeClaimTemplates?.[0]).toMatchObject({
      kind: 'PersistentVolumeClaim',
      apiVersion: 'v1',
      spec: { volumeMode: 'Filesystem' },
      status: { phase: 'Pending' },
    })
    expect(refusals(await server.request('POST', sets, set({ volumeClaimTemplates: [claim({})] })))).toEqual([
      'spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required',
      'spec.volumeClaimTemplates[0].spec.resources[storage]: Required value',
    ])
  })

  test('the containers may mount the claims', async () => {
    await using server = await startTestServer()
    const [container] = template.spec.containers
    const mounting = { ...container, volumeMounts: [{ name: 'data', mountPath: '/data' }] }
    const wanted = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
    const mounted = { template: { ...template, spec: { containers: [mounting] } } }
    expect((await server.request('POST', sets, set({ ...mounted, volumeClaimTemplates: [claim(wanted)] }))).code).toBe(
      201,
    )
    expect(refusals(await server.request('POST', sets, { ...set(mounted), metadata: { name: 't' } }))).toEqual([
      'spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data"',
    ])
  })

  test('few fields can change', async () => {
    await using server = await startTestServer()
    await server.request('POST', sets, set())
    expect(message(await patch(server, `${sets}/s`, { spec: { serviceName: 'other' } }))).toContain(
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template'",
    )
    const changes = { replicas: 2, minReadySeconds: 3, updateStrategy: { rollingUpdate: { partition: 1 } } }
    expect(good<StatefulSet>(await patch(server, `${sets}/s`, { spec: changes })).metadata.generation).toBe(2)
  })
})

describe('daemon sets', () => {
  const sets = `${apps}/daemonsets`
  const set = { metadata: { name: 'd' }, spec: { selector, template } }

  test('an annotation counts what the template went through', async () => {
    await using server = await startTestServer()
    const annotation = ({ metadata }: DaemonSet): string | undefined =>
      metadata.annotations?.['deprecated.daemonset.template.generation']
    expect(annotation(good(await server.request('POST', sets, set)))).toBe('1')
    const slower = { spec: { minReadySeconds: 3 } }
    expect(annotation(good(await patch(server, `${sets}/d`, slower)))).toBe('1')
    expect(annotation(good(await server.request('PUT', `${sets}/d/status`, { ...set, status: {} })))).toBe('1')
    const other = { spec: { template: { spec: { terminationGracePeriodSeconds: 3 } } } }
    const after = good<DaemonSet>(await patch(server, `${sets}/d`, other))
    expect([annotation(after), after.metadata.generation]).toEqual(['2', 3])
  })

  test('as many pods may be away as more may be there', async () => {
    await using server = await startTestServer()
    const rollingUpdate = { maxSurge: 1, maxUnavailable: 1 }
    const both = { ...set, spec: { ...set.spec, updateStrategy: { type: 'RollingUpdate', rollingUpdate } } }
    expect(refusals(await server.request('POST', sets, both))).toEqual([
      'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero',
    ])
  })
})

describe('controller revisions', () => {
  const revisions = `${apps}/controllerrevisions`

  test('data of a revision stays, its number may grow', async () => {
    await using server = await startTestServer()
    const revision = { metadata: { name: 'r' }, revision: 1, data: { spec: 1 } }
    expect((await server.request('POST', revisions, revision)).code).toBe(201)
    expect((await patch(server, `${revisions}/r`, { revision: 2 })).code).toBe(200)
    const [refusal] = refusals(await patch(server, `${revisions}/r`, { data: { spec: 2 } }))
    expect(refusal).toMatch(/^data: Invalid value: .*: field is immutable$/)
  })
})
