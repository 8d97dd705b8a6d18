/**
 * Puts the compiled rooms into few files, because a process that loads hundreds of modules pays for each at every start, and
 * into different ones for what runs for long: a node's agent holds no API server in its memory, and the other way round.
 * Reads the sources, so it needs no compiler before it.
 */
import { readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** What commands load, each a module that exports what it needs of the rooms. */
const loaded = 'src/cli/load'
/** Those that run beside each other for as long as a cluster does: each in files that have nothing of the others. */
const alone = ['up', 'supervised-agent']

/** Leaves what commands load out of the program: it is in files of its own, by the same names. */
const apart = {
  name: 'apart',
  setup(build) {
    build.onResolve({ filter: /\/load\/[^/]+\.ts$/ }, ({ path }) => ({
      path: `./${basename(path, '.ts')}.js`,
      external: true,
    }))
  },
}

/** All files lie in one folder, so that paths relative to it hold in every part. */
export async function bundle() {
  const outdir = join(root, 'dist', 'bundle')
  rmSync(outdir, { recursive: true, force: true })
  const options = {
    absWorkingDir: root,
    outdir,
    entryNames: '[name]',
    chunkNames: 'part-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    // The text of the program is kept in memory. Names stay as they are, for those who read stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    // It brings a compiled part, which it finds by its own path. The others are optional parts of ws.
    external: ['lmdb', 'bufferutil', 'utf-8-validate'],
    legalComments: 'eof',
    logLevel: 'warning',
    // CommonJS packages that are bundled ask for Node's own modules.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
  }
  const names = readdirSync(join(root, loaded)).map((file) => basename(file, '.ts'))
  const files = (wanted) => Object.fromEntries(wanted.map((name) => [name, `${loaded}/${name}.ts`]))
  await Promise.all([
    build({ ...options, entryPoints: { k8ts: 'src/cli/main.ts' }, plugins: [apart] }),
    build({ ...options, entryPoints: files(names.filter((name) => !alone.includes(name))) }),
    ...alone.map((name) => build({ ...options, entryPoints: files([name]) })),
  ])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle()
