import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'

/** Runs a program. @throws Error with what it says when it fails. */
export function run(program: string, parameters: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { stdio: ['ignore', 'ignore', 'pipe'] })
    let errors = ''
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`${program} failed: exit status ${code}\nOutput: ${errors.trim()}`))
    })
  })
}

/** Octal escapes that the kernel uses for blanks in paths. */
const unescaped = (path: string): string =>
  path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

/** Mount points at and below a folder, the deepest first. */
export async function mountsBelow(folder: string): Promise<string[]> {
  const text = await readFile('/proc/self/mountinfo', 'utf8')
  const points: string[] = []
  for (const line of text.split('\n')) {
    const point = unescaped(line.split(' ')[4] ?? '')
    if (point === folder || point.startsWith(`${folder}/`)) points.push(point)
  }
  return points.sort((a, b) => b.length - a.length)
}

export async function isMountPoint(path: string): Promise<boolean> {
  return (await mountsBelow(path)).includes(path)
}

export const mount = (parameters: readonly string[]): Promise<void> => run('mount', parameters)

/** Unmounts a path, and everything mounted below; a busy mount is detached. */
export async function unmountAll(folder: string): Promise<void> {
  for (const point of await mountsBelow(folder)) {
    try {
      await run('umount', [point])
    } catch {
      await run('umount', ['-l', point])
    }
  }
}
