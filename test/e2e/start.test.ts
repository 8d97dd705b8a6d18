import { existsSync } from 'node:fs'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '#network'
import { E2eCluster } from './support/cluster.ts'
import { describeOnMachine } from './support/describe.ts'
import { Machine } from './support/machine.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

describeOnMachine('npm start', () => {
  let clone: string
  let machine: Machine

  beforeAll(async () => {
    machine = await Machine.create()
    clone = await mkdtemp(join(tmpdir(), 'k8ts-clone-'))
    await runCommand(['git', 'clone', '--quiet', root, clone])
  })
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]()
    await rm(clone, { recursive: true, force: true })
  })

  test('refuses in a fresh clone to install npm packages when it may not', async () => {
    const { code, err } = await machine.run([process.execPath, join(clone, 'tools/start.mjs'), '--no-install'])
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(
        /^k8ts: npm packages are missing \(.+, \.\.\.\), and --no-install forbids to install them: run npm install .+ yourself\n$/,
      ),
    })
    expect(existsSync(join(clone, 'node_modules'))).toBe(false)
  })

  test('builds what was not built, starts, and builds no second time', { timeout: 240_000 }, async () => {
    await symlink(join(root, 'node_modules'), join(clone, 'node_modules'))
    const flags = ['--runtime', 'simulated', '--port', '0', '--no-install']
    await using cluster = await E2eCluster.start({ machine, starter: [join(clone, 'tools/start.mjs')], flags })
    expect(cluster.output).toMatch(/^Build\n(?: {2}\.\.\. \d+ s\n)*  done in \d+\.\d s\n/)
    expect(await cluster.kubectl('get nodes --no-headers')).toMatch(/ Ready /)
    await cluster.end('SIGINT')
    await cluster.up()
    expect(cluster.output).not.toContain('Build')
  })
})
