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
