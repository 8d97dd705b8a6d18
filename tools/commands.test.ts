/** What pages say of commands and flags, held against the program. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Terminal } from '../src/cli/command.ts'
import { commands } from '../src/cli/registry.ts'
import { runCommandLine } from '../src/cli/run.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const pages = ['.', 'docs', 'examples']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: folder === 'examples', encoding: 'utf8' }).map((name) =>
      join(folder, name),
    ),
  )
  .filter((file) => file.endsWith('.md'))
  .map((file) => [file, readFileSync(join(root, file), 'utf8').replaceAll(/\\\n\s*/g, '')] as const)

/** The flags that the program takes, by command. */
async function flagsOf(command: string): Promise<ReadonlySet<string>> {
  const lines: string[] = []
  const print = (line: string): void => void lines.push(line)
  const terminal: Terminal = { print, complain: print, isInteractive: false, signal: new AbortController().signal }
  expect(await runCommandLine([command, '--help'], commands, terminal), lines.join('\n')).toBe(0)
  return new Set([...lines.join('\n').matchAll(/^ +(?:-\w, )?--([\w-]+)/gm)].map(([, flag = '']) => flag))
}

const flagsIn = (text: string): string[] => [...text.matchAll(/--([a-z][\w-]*)/g)].map(([, flag = '']) => flag)

/** Commands as they are typed: `k8ts server --etcd-servers http://…`. */
const typed = (text: string): (readonly [string, string[]])[] =>
  [...text.matchAll(/\bk8ts ([a-z][a-z-]*)([^`\n]*)/g)].map(([, command = '', rest = '']) => [command, flagsIn(rest)])

/** Tables with a row for each flag of a command. */
const tabled = (text: string): (readonly [string, string[]])[] =>
  [...text.matchAll(/^\| flag of `k8ts ([a-z-]+)`.*\n((?:\|.*\n)+)/gm)].map(([, command = '', rows = '']) => [
    command,
    rows.split('\n').flatMap((row) => flagsIn(row.split('|')[1] ?? '')),
  ])

test('flags that pages name are flags of the commands that they name them with', async () => {
  const known = new Map<string, ReadonlySet<string>>()
  for (const { name } of commands) known.set(name, await flagsOf(name))
  const named = pages.flatMap(([page, text]) =>
    [...typed(text), ...tabled(text)].flatMap(([command, flags]) =>
      known.has(command) ? flags.map((flag) => ({ page, command, flag })) : [],
    ),
  )
  expect(named.length).toBeGreaterThan(60)
  expect(named.filter(({ command, flag }) => flag !== 'help' && !known.get(command)?.has(flag))).toEqual([])
})

test('pages tell of every flag that no upstream program has', async () => {
  const told = new Set(pages.flatMap(([, text]) => flagsIn(text)))
  const own = commands.filter(({ name, section }) => section !== 'Components' || ['dns', 'ingress'].includes(name))
  const silent = own.map(async ({ name }) => [...(await flagsOf(name))].filter((flag) => !told.has(flag)))
  expect(own.length).toBe(12)
  expect((await Promise.all(silent)).flat()).toEqual([])
})

test('README.md tells of every command', () => {
  const [, readme = ''] = pages.find(([page]) => page === 'README.md') ?? []
  const [, table = ''] = /^## Commands\n([\s\S]*?)^`npm start/m.exec(readme) ?? []
  const told = [...table.matchAll(/^\| `k8ts ([^|]*)\|/gm)].flatMap(([, row = '']) => row.match(/[a-z][a-z-]+/g) ?? [])
  expect(commands.map(({ name }) => name).filter((name) => !told.includes(name))).toEqual([])
})
