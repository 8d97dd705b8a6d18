import { spawn } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Runs a program and resolves with what it prints. @throws Error with its output when it fails. */
export function run(program: string, parameters: readonly string[], cwd?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(output)
      else reject(new Error(`${program} ${parameters.join(' ')}: exited with ${code}: ${errors.trim()}`))
    })
  })
}

const isLibrary = (name: string): boolean => /^z?lib/.test(name) && !name.startsWith('libperl')

/** The packages named, and every library they need: enough for their programs to run, without scripts or data. */
export async function withLibraries(packages: readonly string[]): Promise<string[]> {
  const found = new Set(packages)
  let frontier = [...packages]
  while (frontier.length > 0) {
    const show = (): Promise<string> => run('apt-cache', ['show', '--no-all-versions', ...frontier])
    // A machine that is new has no lists of packages yet.
    const records = await show().catch(async () => {
      await run('apt-get', ['update', '-q'])
      return show()
    })
    const next = new Set<string>()
    for (const [, list = ''] of records.matchAll(/^(?:Pre-)?Depends: (.*)$/gm)) {
      for (const dependency of list.split(',')) {
        const name = /^\s*([a-z0-9.+-]+)/.exec(dependency.split('|')[0] ?? '')?.[1]
        if (name !== undefined && isLibrary(name) && !found.has(name)) next.add(name)
      }
    }
    frontier = [...next]
    for (const name of frontier) found.add(name)
  }
  return [...found].sort()
}

/** Downloads packages of the distribution into a folder, unless they are there; resolves with the files. */
export async function download(packages: readonly string[], folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const isHere = (file: string, name: string): boolean => file.startsWith(`${name}_`) && file.endsWith('.deb')
  const before = await readdir(folder)
  const missing = packages.filter((name) => !before.some((file) => isHere(file, name)))
  if (missing.length > 0) await run('apt-get', ['download', '-o', 'APT::Sandbox::User=root', ...missing], folder)
  const files = await readdir(folder)
  return packages.map((name) => {
    const file = files.find((candidate) => isHere(candidate, name))
    if (file === undefined) throw new Error(`download ${name}: apt-get left no such package`)
    return join(folder, file)
  })
}
