import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { childrenOf } from '../../bench/machine/processes.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** @returns figures by row, and what was printed. */
async function bench(
  parameters: readonly string[],
): Promise<{ readonly figures: ReadonlyMap<string, Figure>; readonly stdout: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-bench-test-'))
  try {
    const out = join(folder, 'figures.jsonl')
    const command = ['--conditions=source', '--import', 'tsx', 'bench/index.ts', ...parameters, '--quick', '--out', out]
    const environment = { ...process.env, TMPDIR: folder }
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: root, env: environment })
    const lines = (await readFile(out, 'utf8')).trimEnd().split('\n')
    const figures = lines.map((line) => JSON.parse(line) as Figure)
    expect((await readdir(folder)).filter((name) => name.startsWith('k8ts-bench'))).toEqual([])
    return { figures: new Map(figures.map((figure) => [figure.row, figure])), stdout }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Figure {
  readonly row: string
  readonly value: number
  readonly failed?: number
}

test('the bench of the API server tells every figure, and leaves nothing behind', async () => {
  const { figures, stdout } = await bench(['api', '--seconds', '0.2'])
  const rows = [
    'ready',
    'memory.idle',
    'create',
    'get',
    'list',
    'watch.rate',
    'watch.cost',
    'watch.latency',
    'memory.after',
  ]
  expect([...figures.keys()]).toEqual(rows.map((row) => `api.${row}`))
  for (const { value, failed } of figures.values()) {
    expect(value).toBeGreaterThan(0)
    expect(failed).toBeUndefined()
  }
  expect(stdout).toContain('GET of a pod, 32 connections')
})

test('the bench of nodes that pretend fills a cluster and rolls it, and what controllers promise holds', async () => {
  const { figures } = await bench(['scale', 'rollout'])
  const scale = ['nodes', 'pods', 'cost', 'pods.start', 'mutating', 'reading', 'listing', 'memory', 'idle', 'start']
  const rollout = ['time', 'available', 'others', 'queue', 'mutating', 'memory']
  expect([...figures.keys()]).toEqual([
    ...scale.map((row) => `scale.${row}`),
    ...rollout.map((row) => `rollout.${row}`),
  ])
  for (const row of [
    'scale.pods',
    'scale.start',
    'scale.mutating',
    'rollout.time',
    'rollout.others',
    'rollout.queue',
  ]) {
    expect(figures.get(row)?.value).toBeGreaterThan(0)
  }
  // Of eight pods a quarter may be missing.
  expect(figures.get('rollout.available')?.value).toBeGreaterThanOrEqual(6)
})

test('the bench of Ingresses has all requests answered through one', async () => {
  const { figures } = await bench(['ingress', '--seconds', '0.5'])
  expect([...figures.keys()]).toEqual(['ingress.requests', 'ingress.bytes'])
  for (const { value, failed } of figures.values()) {
    expect(value).toBeGreaterThan(0)
    expect(failed).toBeUndefined()
  }
})

test('a bench whose load generator dies says so, and leaves nothing behind', { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-bench-test-'))
  try {
    const command = ['--conditions=source', '--import', 'tsx', 'bench/index.ts', 'api', '--quick']
    const environment = { ...process.env, TMPDIR: folder }
    const child = spawn(process.execPath, command, { cwd: root, env: environment, stdio: ['ignore', 'ignore', 'pipe'] })
    let complaint = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
    const ended = once(child, 'exit')
    const find = (word: string): number => {
      const found = childrenOf(child.pid ?? 0).find((each) => each.command.includes(word))
      if (!found) throw new Error(`${word} does not run yet`)
      return found.pid
    }
    // Before the first load is put on, and after something was started that has to go.
    const server = await vi.waitFor(() => find('apiserver'), { timeout: 200_000 })
    process.kill(find('load/main'), 'SIGKILL')
    expect(await ended).toEqual([1, null])
    expect(complaint).toContain('bench: the load generator ended')
    expect(() => process.kill(server, 0)).toThrow('ESRCH')
    expect((await readdir(folder)).filter((name) => name.startsWith('k8ts-bench'))).toEqual([])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
