import { describe, expect, test } from 'vitest'
import type { CronJob, Job } from '#api/batch/v1'
import { startTestServer } from '../server.ts'
import { good, message, patch, refusals } from './objects.ts'

const batch = '/apis/batch/v1/namespaces/default'
const jobs = `${batch}/jobs`
const cronJobs = `${batch}/cronjobs`
const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } }
const job = (spec: object = {}): object => ({ metadata: { name: 'j' }, spec: { template, ...spec } })

describe('jobs', () => {
  test('a job selects its pods by its own uid', async () => {
    await using server = await startTestServer()
    const { metadata, spec } = good<Job>(await server.request('POST', jobs, job()))
    const uid = metadata.uid ?? ''
    expect(spec.selector).toEqual({ matchLabels: { 'batch.kubernetes.io/controller-uid': uid } })
    expect(spec.template.metadata?.labels).toEqual({
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': 'j',
      'controller-uid': uid,
      'job-name': 'j',
    })
    expect(spec).toMatchObject({ completions: 1, parallelism: 1, backoffLimit: 6, completionMode: 'NonIndexed' })
  })

  test.each([
    ['create', 'POST', jobs, 'application/json'],
    ['apply', 'PATCH', `${jobs}/j?fieldManager=f`, 'application/apply-patch+yaml'],
  ])('a job without labels gets all those of its pods by %s', async (_, method, path, type) => {
    await using server = await startTestServer()
    const labelled = { ...template, metadata: { labels: { a: 'b' } } }
    const body = { apiVersion: 'batch/v1', kind: 'Job', ...job({ template: labelled }) }
    const { metadata } = good<Job>(await server.request(method, path, body, { 'content-type': type }))
    expect(metadata.labels).toEqual({
      a: 'b',
      'batch.kubernetes.io/controller-uid': metadata.uid,
      'batch.kubernetes.io/job-name': 'j',
      'controller-uid': metadata.uid,
      'job-name': 'j',
    })
  })

  test('a selector of one’s own has to be asked for', async () => {
    await using server = await startTestServer()
    const labelled = { ...template, metadata: { labels: { a: 'b' } } }
    const own = { selector: { matchLabels: { a: 'b' } }, template: labelled }
    expect(refusals(await server.request('POST', jobs, job(own)))[0]).toMatch(
      /^spec\.selector: Invalid value: .*: `selector` not auto-generated$/,
    )
    expect((await server.request('POST', jobs, job({ ...own, manualSelector: true }))).code).toBe(201)
  })

  test('only pods that end can be restarted by a job', async () => {
    await using server = await startTestServer()
    const always = job({ template: { spec: { ...template.spec, restartPolicy: 'Always' } } })
    expect(refusals(await server.request('POST', jobs, always))).toEqual([
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ])
  })

  test('indexes are asked for by their number', async () => {
    await using server = await startTestServer()
    expect(refusals(await server.request('POST', jobs, job({ completionMode: 'Indexed', parallelism: 2 })))).toEqual([
      'spec.completions: Required value: when completion mode is Indexed',
    ])
    const unlimited = job({ completionMode: 'Indexed', completions: 3, maxFailedIndexes: 1 })
    expect(refusals(await server.request('POST', jobs, unlimited))).toEqual([
      'spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified',
    ])
  })

  test('the template of a job changes only as long as it is suspended and was never started', async () => {
    await using server = await startTestServer()
    const suspended = good<Job>(await server.request('POST', jobs, job({ suspend: true })))
    const placed = { template: { spec: { nodeSelector: { zone: 'a' } } } }
    expect((await patch(server, `${jobs}/j`, { spec: placed })).code).toBe(200)
    expect((await patch(server, `${jobs}/j`, { spec: { suspend: false } })).code).toBe(200)
    const [refusal] = refusals(
      await patch(server, `${jobs}/j`, { spec: { template: { spec: { nodeSelector: { zone: 'b' } } } } }),
    )
    expect(refusal).toMatch(/^spec\.template: Invalid value: .*: field is immutable$/)
    expect(suspended.spec.suspend).toBe(true)
  })

  test('a job is over once, with a time and a criterion', async () => {
    await using server = await startTestServer()
    await server.request('POST', jobs, job())
    const status = `${jobs}/j/status`
    const conditions = [{ type: 'Complete', status: 'True' }]
    expect(refusals(await patch(server, status, { status: { conditions } }))).toContain(
      'status.completionTime: Required value: completionTime is required for Complete jobs',
    )
    const done = {
      startTime: '2024-01-01T00:00:00Z',
      completionTime: '2024-01-01T00:01:00Z',
      conditions: [{ type: 'SuccessCriteriaMet', status: 'True' }, ...conditions],
    }
    expect((await patch(server, status, { status: done })).code).toBe(200)
    expect(refusals(await patch(server, status, { status: { conditions: [] } }))).toEqual(
      expect.arrayContaining([expect.stringContaining('status.conditions')]),
    )
  })

  test('labels that the server gives are told of once when they can’t be', async () => {
    await using server = await startTestServer()
    const long = { ...job(), metadata: { name: 'j'.repeat(64) } }
    const found = refusals(await server.request('POST', jobs, long))
    expect(found.map((refusal) => refusal.replace(/:.*/, ''))).toEqual(['spec.template.labels', 'spec.template.labels'])
  })

  test('who deletes a job and does not say what becomes of its pods is warned', async () => {
    await using server = await startTestServer()
    const warningOf = async (query: string): Promise<string | undefined> => {
      await server.request('POST', jobs, job())
      return (await server.request('DELETE', `${jobs}/j${query}`)).headers['warning']
    }
    expect(await warningOf('')).toContain('child pods are preserved by default when jobs are deleted')
    expect(await warningOf('?propagationPolicy=Background')).toBeUndefined()
  })

  test('jobs are selected by how many succeeded', async () => {
    await using server = await startTestServer()
    await server.request('POST', jobs, job())
    const found = async (count: number): Promise<number> => {
      const url = `${jobs}?fieldSelector=status.successful%3D${String(count)}`
      const { items } = (await server.request('GET', url)).body as { readonly items: readonly Job[] | null }
      return items?.length ?? 0
    }
    expect([await found(0), await found(1)]).toEqual([1, 0])
    expect(message(await server.request('GET', `${jobs}?fieldSelector=spec.odd%3D1`))).toBe(
      'field label "spec.odd" not supported for Job',
    )
  })
})

describe('cron jobs', () => {
  const cronJob = (spec: object): object => ({
    metadata: { name: 'c' },
    spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template } }, ...spec },
  })
  const refused = async (spec: object): Promise<readonly string[]> => {
    await using server = await startTestServer()
    return refusals(await server.request('POST', cronJobs, cronJob(spec)))
  }

  test('what is not said takes its default', async () => {
    await using server = await startTestServer()
    expect(good<CronJob>(await server.request('POST', cronJobs, cronJob({}))).spec).toMatchObject({
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    })
  })

  test.for([
    ['61 * * * *', 'end of range (61) above maximum (59): 61'],
    ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
    ['a * * * *', 'failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['@never', 'unrecognized descriptor: @never'],
  ])('the schedule %s is refused', async ([schedule, why]) => {
    expect(await refused({ schedule })).toEqual([
      `spec.schedule: Invalid value: ${JSON.stringify(schedule)}: ${String(why)}`,
    ])
  })

  test('time zones are known by name, and have a field of their own', async () => {
    expect(await refused({ timeZone: 'Europe/Berlin' })).toEqual([])
    expect(await refused({ timeZone: 'Foo/Bar' })).toEqual([
      'spec.timeZone: Invalid value: "Foo/Bar": unknown time zone Foo/Bar',
    ])
    expect(await refused({ schedule: 'TZ=UTC * * * * *' })).toEqual([
      'spec.schedule: Invalid value: "TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
    ])
  })

  test('jobs that are to come select their pods by themselves', async () => {
    const spec = { template, manualSelector: true }
    expect(await refused({ jobTemplate: { spec } })).toEqual([
      'spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"',
    ])
  })
})
