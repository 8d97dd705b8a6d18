import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { E2eCluster } from './support/cluster.ts'
import { describeOnMachine } from './support/describe.ts'

const program = fileURLToPath(new URL('programs/javascript-client.ts', import.meta.url))

describeOnMachine('the official JavaScript client', () => {
  test('watches, informs, runs commands, forwards ports, copies, patches, scales and reads logs', async () => {
    await using cluster = await E2eCluster.start({ images: ['busybox'] })
    const folder = join(cluster.machine.folder, 'files')
    await mkdir(folder)
    const words = [process.execPath, '--import', 'tsx', program, cluster.kubeconfig, folder]
    const { code, out, err } = await cluster.machine.run(words, { timeoutMs: 110_000 })
    expect({ code, err }).toMatchObject({ code: 0 })
    expect(JSON.parse(out)).toEqual({
      exec: { out: 'heard word\n', err: 'no\n', status: 'Failure', code: '3' },
      attach: 'lines',
      log: { first: 'line 1', last: true },
      portForward: 'HTTP/1.1 200 OK',
      copy: true,
      patch: ['merge', 'json', 'Apply'],
      lists: ['page-0', 'page-1', 'page-2', 'page-3', 'page-4'],
      errors: { code: 404, reason: 'NotFound', message: 'pods "nobody" not found' },
      scale: 2,
      nodes: 1,
      followed: {
        informed: expect.arrayContaining(['add Pending', 'update Running', 'delete Running']),
        watched: expect.arrayContaining(['ADDED Pending', 'MODIFIED Running', 'DELETED Running']),
        cached: 0,
      },
    })
  })
})
