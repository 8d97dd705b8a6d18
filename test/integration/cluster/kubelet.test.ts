import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runKubelet } from '#cluster'

const noApi = 'no client provided, cannot use webhook'

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
