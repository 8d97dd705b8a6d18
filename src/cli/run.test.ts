import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UserError } from '#cluster'
import type { CommandEntry, Terminal } from './command.ts'
import { commands } from './registry.ts'
import { runCommandLine } from './run.ts'

interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function run(parameters: readonly string[], entries: readonly CommandEntry[] = commands): Promise<Outcome> {
  const [out, err]: [string[], string[]] = [[], []]
  const terminal: Terminal = {
    print: (line) => void out.push(line),
    complain: (line) => void err.push(line),
    isInteractive: false,
    signal: new AbortController().signal,
  }
  const code = await runCommandLine(parameters, entries, terminal)
  return { code, out: out.join('\n'), err: err.join('\n') }
}

const failing = (error: unknown): CommandEntry => ({
  name: 'fail',
  summary: 'fails',
  section: 'Clusters',
  load: async () => ({
    async run() {
      throw error
    },
  }),
})

describe('runCommandLine()', () => {
  test('lists all commands when asked for help, and when called without any', async () => {
    const { code, out } = await run(['--help'])
    expect(code).toBe(0)
    for (const { name, summary } of commands) expect(out).toMatch(new RegExp(`^ {2}${name} +${summary}$`, 'm'))
    expect(await run([])).toMatchObject({ code: 2, out })
  })

  test('tells of a command when asked for help with it', async () => {
    const { code, out } = await run(['help', 'status'])
    expect(code).toBe(0)
    expect(out).toMatch(/^Usage: k8ts status \[flags\]\n/)
    expect(await run(['status', '--help'])).toEqual({ code, out, err: '' })
    expect(await run(['help', 'vesrion'])).toMatchObject({ code: 2, err: expect.stringContaining('mean version?') })
  })

  test('names the nearest command when there is none of the name', async () => {
    expect(await run(['vesrion'])).toEqual({
      code: 2,
      out: '',
      err: 'k8ts: unknown command "vesrion", did you mean version? (see k8ts --help)',
    })
  })

  test('tells what the user can put right in one line', async () => {
    const entries = [failing(new UserError('port 1 is taken: choose another', { exitCode: 4 }))]
    expect(await run(['fail'], entries)).toEqual({ code: 4, out: '', err: 'k8ts: port 1 is taken: choose another' })
  })

  test('shows where it happened when it can not be put right', async () => {
    const { code, err } = await run(['fail'], [failing(new TypeError('odd'))])
    expect(code).toBe(1)
    expect(err).toMatch(/^k8ts: TypeError: odd\n {4}at /)
  })
})

describe('k8ts version', () => {
  test('prints the versions', async () => {
    const { code, out } = await run(['version'])
    expect(code).toBe(0)
    expect(out).toMatch(/^k8ts v\d+\.\d+\.\d+ \(Kubernetes v1\.36\.2, Node v\d+/)
    expect((await run(['--version'])).out).toBe(out)
  })

  test('takes no parameters', async () => {
    expect(await run(['version', 'x'])).toMatchObject({ code: 2, err: expect.stringContaining('takes no parameters') })
  })
})

describe('the folder of a cluster', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'k8ts-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  test('is not the one where somebody stands, when its name is empty', async () => {
    for (const command of ['down', 'status', 'kubeconfig']) {
      expect(await run([command, '--data-dir='])).toEqual({
        code: 2,
        out: '',
        err: 'k8ts: flag --data-dir: it is empty, must be a folder',
      })
    }
  })

  test('is left alone when it is none', async () => {
    await mkdir(join(folder, 'logs'))
    expect(await run(['down', '--name', 'no-folder', '--data-dir', folder, '--delete'])).toEqual({
      code: 1,
      out: '',
      err: `k8ts: ${folder} has no data of a cluster: name its folder with --data-dir`,
    })
    expect(await readdir(folder)).toEqual(['logs'])
  })

  test.runIf(process.platform === 'linux')('can not be where the kernel keeps no files', async () => {
    const up = ['up', '--name', 'no-files', '--runtime', 'simulated', '--port', '0']
    const kernels = "since /proc is the kernel's and keeps no files: take another with"
    expect(await run([...up, '--data-dir', '/proc/x/y'])).toEqual({
      code: 1,
      out: '',
      err: `k8ts: /proc/x/y can't be made, ${kernels} --data-dir`,
    })
    expect(await run([...up, '--data-dir', folder, '--kubeconfig', '/proc/x/config'])).toEqual({
      code: 1,
      out: '',
      err: `k8ts: /proc/x/config can't be made, ${kernels} --kubeconfig`,
    })
    expect(await run(['apiserver', '--data-dir', '/proc/x'])).toEqual({
      code: 1,
      out: '',
      err: `k8ts: /proc/x can't be made, ${kernels} --data-dir`,
    })
  })
})
