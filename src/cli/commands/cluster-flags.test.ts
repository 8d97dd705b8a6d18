import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { runCommandLine } from '../run.ts'
import { commands } from '../registry.ts'
import { settingsGiven } from './cluster-flags.ts'
import type { NetworkFlags } from './cluster-flags.ts'

test('settingsGiven() keeps paths from whatever folder the cluster is started next, and those that were taken back', () => {
  const settings = { config: 'credentialProviderConfig', programs: 'credentialProviderPrograms' } as const
  const values = { config: 'providers.yaml', programs: '' }
  const given = new Set(['config', 'programs'])
  const wanted = settingsGiven<NetworkFlags & typeof values>(settings, { values: values as never, given })
  expect(wanted).toEqual({ credentialProviderConfig: resolve('providers.yaml'), credentialProviderPrograms: '' })
})

test.each(['up', 'agent', 'kubelet'])(
  'k8ts %s lets nodes ask programs for credentials of registries',
  async (command) => {
    const out: string[] = []
    const { signal } = new AbortController()
    const terminal = { print: (line: string) => void out.push(line), complain: () => {}, isInteractive: false, signal }
    expect(await runCommandLine([command, '--help'], commands, terminal)).toBe(0)
    expect(out.join('\n')).toMatch(
      /--image-credential-provider-config .*\n(?:.*\n)*.*--image-credential-provider-bin-dir /,
    )
  },
)
