import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'
import { CodeCache } from './code-cache.ts'
import { inLull } from './lull.ts'

/** Milliseconds after which a program has compiled what it needs to start, and between looks for a moment to keep that. */
const settledMs = 10_000

/**
 * Runs a script that the bundle made of a program: a function of `require`, `module` and `exports`. What the engine has
 * compiled of it when it first has little to do, or when the process ends, is kept for the next start, because most of the time
 * in which a program loads and does everything for the first time goes into compiling. To write it down takes the engine a
 * tenth of a second, in which the process does nothing else: no other thread can, for compiled functions are this one's.
 *
 * @param name of its file, relative to this module's; in Latin 1, so that a character takes a byte of memory.
 * @returns its exports.
 */
export function loadScript(name: string): unknown {
  const file = fileURLToPath(new URL(name, import.meta.url))
  const cache = new CodeCache(file)
  const cachedData = cache.read()
  const script = new Script(readFileSync(file, 'latin1'), { filename: file, ...(cachedData ? { cachedData } : {}) })
  if (!cachedData || script.cachedDataRejected === true) keepCompiled(script, cache)
  const module = { exports: {}, filename: file }
  const run: (require: NodeJS.Require, module: { exports: unknown; filename: string }, exports: unknown) => void =
    script.runInThisContext()
  run(createRequire(file), module, module.exports)
  return module.exports
}

function keepCompiled(script: Script, cache: CodeCache): void {
  const keep = (): void => {
    giveUp()
    process.off('exit', keep)
    cache.write(() => script.createCachedData())
  }
  const giveUp = inLull(keep, settledMs)
  process.on('exit', keep)
}
