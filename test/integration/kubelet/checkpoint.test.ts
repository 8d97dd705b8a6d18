import type { ServerResponse } from 'node:http'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serveCheckpoint } from '../../../src/kubelet/host/server/checkpoint.ts'
import { Refused } from '../../../src/kubelet/host/server/exchange.ts'
import { TestNode } from '../../../src/kubelet/testing/node.ts'

test('the state of a running container is written to an archive by a runtime that can', async () => {
  const place = await mkdtemp(join(tmpdir(), 'k8ts-checkpoints-'))
  const checkpointFolder = join(place, 'checkpoints')
  const node = new TestNode()
  await node.run('web', {})
  let body = ''
  const response = { writeHead: () => response, end: (text: Buffer) => void (body = text.toString()) }
  const ask = (parameters: readonly string[], search = ''): Promise<string> =>
    serveCheckpoint(
      node.kubelet,
      {
        request: {} as never,
        response: response as unknown as ServerResponse,
        query: new URLSearchParams(search),
        parameters,
      },
      { checkpointFolder },
    ).then(
      () => body,
      (error: Error) => `${error instanceof Refused ? error.status : 0} ${error.message}`,
    )
  try {
    expect(await ask(['default', 'other', 'app'])).toBe('404 pod does not exist')
    expect(await ask(['default', 'web', 'other'])).toBe('404 container other does not exist')
    expect(await ask(['default', 'web', 'app'], 'timeout=soon')).toBe('404 cannot parse value of timeout parameter')
    expect(await ask(['default', 'web', 'app'])).toBe(
      '500 checkpointing of default/web/app failed (rpc error: code = Unimplemented desc = simulated containers have no state)',
    )
    const asked: unknown[] = []
    node.runtime.checkpointContainer = (...values) => Promise.resolve(void asked.push(values))
    const { items } = JSON.parse(await ask(['default', 'web', 'app'], 'timeout=7')) as { items: [string] }
    expect(items).toEqual([expect.stringMatching(/\/checkpoint-web_default-app-[\dT:-]+Z\.tar$/)])
    expect(asked).toEqual([[expect.any(String), items[0], 7]])
    expect((await stat(checkpointFolder)).mode & 0o777).toBe(0o700)
  } finally {
    await node.stop()
    await rm(place, { recursive: true, force: true })
  }
})
