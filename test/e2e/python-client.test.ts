import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { run } from '../images/packages.ts'
import { unpacked } from '../tools/debian.ts'
import { E2eCluster } from './support/cluster.ts'
import { machineMissing } from './support/machine.ts'

const hasPython = async (): Promise<boolean> =>
  run('python3', ['--version']).then(
    () => true,
    () => false,
  )
const missing = (await machineMissing()) ?? ((await hasPython()) ? undefined : 'needs python3')
const program = fileURLToPath(new URL('programs/python-client.py', import.meta.url))

/** The client with what it imports. */
const packages = (
  'kubernetes certifi dateutil google-auth requests requests-oauthlib six urllib3 websocket yaml ' +
  'pyasn1 pyasn1-modules rsa cachetools oauthlib idna charset-normalizer chardet pkg-resources'
)
  .split(' ')
  .map((name) => `python3-${name}`)

describe.skipIf(missing)(`the official Python client${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('watches, runs commands, forwards ports, follows logs, patches, applies, scales and reads page by page', async () => {
    const modules = join(await unpacked(packages), 'usr', 'lib', 'python3', 'dist-packages')
    await using cluster = await E2eCluster.start({ images: ['busybox'] })
    const { code, out, err } = await cluster.machine.run(['python3', program, cluster.kubeconfig], {
      environment: {
        PATH: `/usr/bin:${process.env['PATH']}`,
        PYTHONPATH: modules,
        PYTHONDONTWRITEBYTECODE: '1',
        TMPDIR: cluster.machine.folder,
      },
      timeoutMs: 110_000,
    })
    if (code !== 0) throw new Error(err)
    expect(JSON.parse(out)).toEqual({
      exec: { out: 'heard word\n', err: 'no\n', code: 3 },
      portForward: 'served',
      log: ['line 1', 'line 2'],
      patch: { app: 'py', patched: 'yes' },
      watched: expect.arrayContaining(['ADDED Pending', 'MODIFIED Running', 'DELETED Running']),
      pages: [['page-0', 'page-1'], ['page-2', 'page-3'], ['page-4']],
      apply: ['python'],
      error: { code: 404, message: 'pods "nobody" not found' },
    })
  })
})
