import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { sourceFiles } from './check-rooms.ts'

const src = fileURLToPath(new URL('../src', import.meta.url))
const { dependencies } = JSON.parse(readFileSync(join(src, '..', 'package.json'), 'utf8')) as {
  readonly dependencies: { readonly [name: string]: string }
}

/** Packages that a file imports: `@noble/hashes` of `@noble/hashes/hkdf.js`. */
function packagesIn(text: string): string[] {
  const specifiers = text.matchAll(/(?:^(?:import|export|\}) ?(?:[^'\n]* )?from |^import |\bimport\()'([^'.#][^']*)'/gm)
  return [...specifiers].flatMap(([, specifier = '']) => {
    const [name] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier) ?? []
    return name === undefined || isBuiltin(specifier) ? [] : [name]
  })
}

test('who installs the package gets what the program imports, and nothing that only tests do', () => {
  const shipped = sourceFiles(src).filter((file) => !/\.test\.ts$|\/testing\/|\/contract\//.test(file))
  const imported = new Set(shipped.flatMap((file) => packagesIn(readFileSync(join(src, file), 'utf8'))))
  expect(shipped.length).toBeGreaterThan(1000)
  expect(Object.keys(dependencies).sort()).toEqual([...imported].sort())
})
