import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runKubelet } from '#cluster'

const noApi = 'no client provided, cannot use webhook'

test('a kubelet waits for its lock file, and tells what it can not take', async () => {
  const root = await mkdtemp(join(tmpdir(), 'k8ts-kubelet-'))
  const lockFile = join(root, 'lock')
  const run = (more: object, signal: AbortSignal): Promise<void> =>
    runKubelet({ configuration: {}, labels: {}, root, logLevel: 'error', ...more }, signal)
  const file = openSync(lockFile, 'w')
  try {
    await new Promise((resolve) =>
      spawn('flock', ['3'], { stdio: ['ignore', 'ignore', 'ignore', file] }).on('exit', resolve),
    )
    // It does not come to the webhooks that it would refuse.
    await run({ lockFile }, AbortSignal.timeout(300))
    closeSync(file)
    await expect(run({ lockFile }, AbortSignal.timeout(20_000))).rejects.toThrow(noApi)
    await expect(run({ exitOnLockContention: true }, AbortSignal.timeout(20_000))).rejects.toThrow(
      'cannot exit on lock file contention: no lock file specified',
    )
    await expect(run({ lockFile: join(root, 'a', 'b') }, AbortSignal.timeout(20_000))).rejects.toThrow(
      `unable to acquire file lock on "${join(root, 'a', 'b')}": no such file or directory`,
    )
  } finally {
    await rm(root, { recursive: true })
  }
})

test('a kubelet without an API refuses to ask it who may use its port', async () => {
  const root = await mkdtemp(join(tmpdir(), 'k8ts-kubelet-'))
  const configFile = join(root, 'config.yaml')
  const run = async (text: string): Promise<void> => {
    await writeFile(configFile, `kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\n${text}`)
    const settings = { configFile, configuration: {}, labels: {}, root, logLevel: 'error' } as const
    await runKubelet(settings, AbortSignal.timeout(20_000))
  }
  try {
    await expect(run('')).rejects.toThrow(
      `${noApi} authentication: give --kubeconfig, or set authentication.webhook.enabled to false`,
    )
    await expect(run('authentication: {webhook: {enabled: false}}')).rejects.toThrow(
      `${noApi} authorization: give --kubeconfig, or set authorization.mode to AlwaysAllow`,
    )
  } finally {
    await rm(root, { recursive: true })
  }
})
