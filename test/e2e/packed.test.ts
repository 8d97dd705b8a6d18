import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startNode } from '../integration/cluster/program.ts'
import { E2eCluster } from './support/cluster.ts'
import { missing } from './support/describe.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

interface Pack {
  readonly filename: string
  readonly size: number
  readonly files: readonly { readonly path: string }[]
}

describe('the packed tarball', () => {
  let folder: string
  let pack: Pack
  const installed = (path: string): string => join(folder, 'node_modules', path)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'k8ts-packed-'))
    const { stdout } = await run('npm', ['pack', '--json', '--silent', '--pack-destination', folder], { cwd: root })
    // What the build prints comes before.
    const [first] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as readonly Pack[]
    if (!first) throw new Error(`npm pack said ${stdout}`)
    pack = first
    await writeFile(join(folder, 'package.json'), '{"type":"module","private":true}\n')
    const quiet = ['--no-audit', '--no-fund', '--prefer-offline']
    await run('npm', ['install', ...quiet, join(folder, pack.filename)], { cwd: folder })
  }, 300_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** What the compiler says of files that are strict in every respect. */
  const complaints = async (...files: readonly string[]): Promise<string> => {
    const options = {
      compilerOptions: {
        target: 'ES2022',
        lib: ['ES2023', 'ESNext.Disposable'],
        module: 'NodeNext',
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
        typeRoots: [join(root, 'node_modules', '@types')],
        types: ['node'],
      },
      files,
    }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(options))
    const compiler = join(root, 'node_modules', '.bin', 'tsc')
    const { stdout } = await run(compiler, ['-p', folder]).catch((error: unknown) => error as { stdout: string })
    return stdout
  }

  /** Writes the programs of a page, each of whose blocks begins with its name. */
  const writePrograms = async (page: string): Promise<void> => {
    const text = await readFile(join(root, page), 'utf8')
    for (const [, name = '', code = ''] of text.matchAll(/^```ts\n\/\/ (\S+\.ts)\n([^]*?)^```/gm)) {
      await writeFile(join(folder, name), code)
    }
  }

  test('has the program and the library, and nothing that only we need', () => {
    const paths = pack.files.map(({ path }) => path)
    expect(paths.filter((path) => !path.startsWith('dist/')).sort()).toEqual(['LICENSE', 'README.md', 'package.json'])
    expect(
      paths.filter((path) =>
        /\.map$|\.tsbuildinfo$|\.cache$|\.test\.|\/contract\/|\/testing\/.*double|^dist\/(?:cli\/|cluster\/.*\.d\.ts$)/.test(
          path,
        ),
      ),
    ).toEqual([])
    expect(paths).toEqual(
      expect.arrayContaining(['dist/bundle/k8ts.js', 'dist/testing/index.js', 'dist/testing/index.d.ts']),
    )
    expect(pack.size).toBeLessThan(5_500_000)
  })

  test('gives a command in an empty folder', async () => {
    const { stdout } = await run('npx', ['--no-install', 'k8ts', 'version'], { cwd: folder })
    expect(stdout).toContain('v1.36.2')
    expect((await stat(installed('.bin/k8ts'))).mode & 0o111).not.toBe(0)
  })

  test('gives types that hold, and the program of the README runs', { timeout: 240_000 }, async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8')
    const example = /^```ts\n([^]*?)^```/m.exec(readme)?.[1] ?? ''
    expect(example).toContain("from 'k8ts'")
    await writeFile(join(folder, 'example.ts'), `${example}console.log(Object.keys(cluster))\n`)
    expect(await complaints('example.ts')).toBe('')
    const { stdout } = await run(process.execPath, [join(folder, 'example.js')], { cwd: folder })
    expect(stdout).toContain('client')
  })

  test(
    'has what the operator of the docs needs, which passes its test and works with a server',
    {
      timeout: 240_000,
    },
    async () => {
      await writePrograms('docs/operators.md')
      expect(await complaints('main.ts', 'website.test.ts')).toBe('')
      await run(process.execPath, ['--test', 'website.test.js'], { cwd: folder })

      const data = join(folder, 'api')
      const flags = [`--data-dir=${data}`, '--bind-address=127.0.0.1', '--secure-port=0']
      const api = startNode([installed('k8ts/dist/bundle/k8ts.js'), 'apiserver', ...flags])
      try {
        await api.said('Serving')
        const operator = startNode([join(folder, 'main.js')], { KUBECONFIG: join(data, 'admin.kubeconfig') })
        try {
          await operator.said('Starting controller')
        } finally {
          operator.process.kill()
        }
        expect(await operator.ended, operator.output()).toBe(0)
      } finally {
        api.process.kill()
        await api.ended
      }
    },
  )

  test('has the scheduler for the plugins of the docs', { timeout: 240_000 }, async () => {
    await writePrograms('docs/scheduler.md')
    expect(await complaints('scheduler.ts')).toBe('')
  })

  test.skipIf(missing)('starts a cluster', { timeout: 240_000 }, async () => {
    await using cluster = await E2eCluster.start({ program: installed('k8ts/dist/bundle/k8ts.js') })
    expect(await cluster.kubectl('get nodes --no-headers')).toMatch(/ Ready /)
  })
})
