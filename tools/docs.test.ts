import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { controllers } from '#controllers'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

const pages = [
  '.',
  'docs',
  'examples',
  'examples/first-steps',
  'examples/helm',
  'examples/ingress',
  'examples/registry',
]
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
  .filter((file) => file.endsWith('.md'))

test('links of pages lead to files that are there', () => {
  const links = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!\w+:|#)([^)#]+)/g)].map(([, target = '']) => join(dirname(page), target)),
  )
  expect(links.length).toBeGreaterThan(50)
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([])
})

test('files that pages name are there', () => {
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/`((?:src|test|tools|bench|docs|examples)\/[\w./-]+)`/g)].map(
      ([, path = '']) => [page, path] as const,
    ),
  )
  expect(named.length).toBeGreaterThan(30)
  expect(named.filter(([, path]) => !existsSync(join(root, path)))).toEqual([])
})

test('docs/controllers.md has every controller, and the folder that it is in', () => {
  const page = read('docs/controllers.md')
  const rows = [...page.matchAll(/^\| `([\w-]+)` +\| (?:`(\w+)`|absent) /gm)]
  const present = rows.filter(([, , folder]) => folder !== undefined)
  expect(present.map(([, name = '']) => name).sort()).toEqual(controllers.map(({ name }) => name).sort())
  const folders = present.map(([, , folder = '']) => join('src', 'controllers', folder))
  expect(folders.filter((folder) => !existsSync(join(root, folder)))).toEqual([])
})

test('ARCHITECTURE.md tells of every room', () => {
  const rooms = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('tsconfig.json'))
    .map((file) => `(${join('src', dirname(file))})`)
  const page = read('ARCHITECTURE.md')
  expect(rooms.filter((room) => !page.includes(room)).map((room) => relative('src', room))).toEqual([])
})

test('scripts that pages name are those of package.json', () => {
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: { readonly [name: string]: string } }
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/\bnpm (?:run (?:-s )?)?([a-z:]+)/g)].map(([whole, name = '']) => ({ page, whole, name })),
  )
  const ours = named.filter(({ whole }) => /^npm (?:run|start|test)/.test(whole))
  expect(ours.length).toBeGreaterThan(10)
  expect(ours.filter(({ name }) => scripts[name] === undefined)).toEqual([])
})

test('variables of the environment that pages name are read somewhere', () => {
  const sources = ['src', 'test', 'tools', 'bench'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ts|mjs)$/.test(name))
      .map((name) => read(join(folder, name))),
  )
  const named = new Set(pages.flatMap((page) => read(page).match(/\bK8TS_[A-Z_]+/g) ?? []))
  expect(named.size).toBeGreaterThan(5)
  expect([...named].filter((name) => !sources.some((text) => new RegExp(`\\b${name}\\b`).test(text)))).toEqual([])
})
