/**
 * Holds the walls between rooms: prints what is wrong and fails.
 *
 * A room is a folder under src with a tsconfig.json. Its `references` say which rooms it may use; the compiler refuses
 * the rest. What the compiler can't see is checked here: relative imports that leave the room, and in pure rooms
 * (those without Node's types) imports of `node:` and bare use of time and chance.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

export interface Room {
  /** Path below src: `store/lmdb`. */
  readonly name: string
  readonly pure: boolean
}

/** The one file of the pure rooms that may touch the platform's time and chance. */
const systemClock = 'base/clock/system.ts'

const forbiddenInPureRooms: readonly (readonly [RegExp, string])[] = [
  [/\bfrom '(node:[^']*)'|import\('(node:[^']*)'\)/, 'imports from node:'],
  [/\bDate\.now\(/, 'reads the time from Date.now, not from the Clock'],
  [/\bnew Date\(\)/, 'reads the time from new Date(), not from the Clock'],
  [/\bperformance\.now\(/, 'reads the time from performance.now, not from the Clock'],
  [/\b(?:setTimeout|setInterval|setImmediate)\(/, 'sets a timer of the platform, not of the Clock'],
  [/\bMath\.random\(/, 'draws from Math.random, not from the Clock'],
  [/\bcrypto\.(?:getRandomValues|randomUUID)\(/, 'draws from crypto, not from the Clock'],
  [/\bprocess\.\w|\bBuffer\.\w/, 'uses a global of Node'],
]

export function findRooms(src: string): Room[] {
  const rooms: Room[] = []
  const visit = (folder: string): void => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name)
      if (name === 'tsconfig.json') {
        const config: { compilerOptions?: { types?: string[] } } = JSON.parse(readFileSync(path, 'utf8'))
        rooms.push({ name: relative(src, folder), pure: !config.compilerOptions?.types?.includes('node') })
      } else if (statSync(path).isDirectory()) visit(path)
    }
  }
  visit(src)
  return rooms.sort((a, b) => (a.name < b.name ? -1 : 1))
}

export function roomOf(rooms: readonly Room[], file: string): Room | undefined {
  let best: Room | undefined
  for (const room of rooms) {
    if (file.startsWith(`${room.name}/`) && (!best || room.name.length > best.name.length)) best = room
  }
  return best
}

/** Broken rules of one file, in words. `file` is its path below src. */
export function problemsIn(file: string, text: string, rooms: readonly Room[]): string[] {
  const room = roomOf(rooms, file)
  if (!room) return [`${file}: lies in no room`]
  const problems: string[] = []
  for (const [, specifier = ''] of text.matchAll(/(?:from|import)\s*\(?'(\.[^']*)'/g)) {
    const target = relative('/', resolve('/', dirname(file), specifier))
    if (roomOf(rooms, target) !== room) {
      problems.push(`${file}: reaches into another room by ${specifier}, cross rooms by their alias`)
    }
  }
  if (room.pure && file !== systemClock && !file.endsWith('.test.ts')) {
    const code = withoutComments(text)
    for (const [pattern, what] of forbiddenInPureRooms) {
      if (pattern.test(code)) problems.push(`${file}: ${what}, but ${room.name} is a pure room`)
    }
  }
  return problems
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}

export function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
}

/** Checks every file below src. */
export function checkRooms(src: string): {
  readonly rooms: number
  readonly files: number
  readonly problems: string[]
} {
  const rooms = findRooms(src)
  const files = sourceFiles(src)
  const problems = files.flatMap((file) => problemsIn(file, readFileSync(join(src, file), 'utf8'), rooms))
  return { rooms: rooms.length, files: files.length, problems }
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const { rooms, files, problems } = checkRooms(new URL('../src', import.meta.url).pathname)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exit(1)
  console.log(`${files} files in ${rooms} rooms keep their walls`)
}
