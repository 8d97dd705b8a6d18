import { expect, test } from 'vitest'
import type { KubeObject } from '#machinery'
import { good, patch } from './groups/objects.ts'
import { startClusterServer } from './server.ts'

const containers = [{ name: 'c', image: 'i' }]
const pods = { restartPolicy: 'Never', containers }
const job = (metadata: object): object => ({ template: { metadata, spec: pods } })
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }

const volume = { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/a' } }

const jobs = '/apis/batch/v1/namespaces/default/jobs'
const claims = '/api/v1/namespaces/default/persistentvolumeclaims'

test.each([
  ['a claim, whose phase is a default of reading, is', claims, claim, true],
  ['a job that has the labels of its template, which had none, is', jobs, job({}), true],
  ['a job whose template had labels is not', jobs, job({ labels: { a: 'b' } }), false],
  ['a volume is not', '/api/v1/persistentvolumes', volume, false],
])('%s a new version after the first update that changes nothing', async (_, path, spec, isNew) => {
  await using server = await startClusterServer()
  const made = good<KubeObject>(await server.request('POST', path, { metadata: { name: 'a' }, spec }))
  const versions = [made.metadata.resourceVersion]
  for (const _again of [1, 2])
    versions.push(good<KubeObject>(await patch(server, `${path}/a`, {})).metadata.resourceVersion)
  expect([versions[1] !== versions[0], versions[2] !== versions[1]]).toEqual([isNew, false])
})
