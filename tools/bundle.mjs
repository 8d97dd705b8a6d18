/**
 * Puts the compiled rooms into few files, because a process that loads hundreds of modules pays for each at every start, and
 * into different ones for what runs for long: a node's agent holds no API server in its memory, and the other way round.
 * Reads the sources, so it needs no compiler before it.
 */
import { rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const outdir = join(root, 'dist', 'bundle')

/** What commands load, each a module that exports what it needs of the rooms. */
const loaded = 'src/cli/load'
/** Those of them that share a script. */
const programs = {
  'control-plane': ['up', 'server', 'apiserver'],
  drivers: ['controller-manager', 'scheduler'],
  'supervised-agent': ['supervised-agent'],
  node: ['agent', 'kubelet', 'proxy', 'dns', 'down'],
}

const options = {
  absWorkingDir: root,
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  conditions: ['source'],
  // The text of the program is kept in memory. Names stay as they are, for those who read stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  // It brings a compiled part, which it finds by its own path. The others are optional parts of ws.
  external: ['lmdb', 'bufferutil', 'utf-8-validate'],
  legalComments: 'eof',
  logLevel: 'warning',
}

/** All files lie in one folder, so that paths relative to it hold in every part. */
export async function bundle() {
  rmSync(outdir, { recursive: true, force: true })
  const commands = new Set()
  const [scripts] = await Promise.all([
    Promise.all(Object.entries(programs).map(([name, parts]) => buildScript(name, parts))),
    buildModule('k8ts', 'src/cli/main.ts', commandsApart(commands)),
  ])
  const scriptOf = new Map(scripts.flatMap(({ parts, file }) => parts.map((part) => [part, file])))
  const build = (name) => buildModule(`command-${name}`, `src/cli/commands/${name}.ts`, fromScripts(scriptOf))
  await Promise.all([...commands].map(build))
}

/** A program as a script, and not as modules, because Node can keep what it compiled of a script. */
async function buildScript(name, parts) {
  const { metafile } = await build({
    ...options,
    stdin: {
      contents: parts.map((part) => `exports['${part}'] = () => require('./${loaded}/${part}.ts')`).join('\n'),
      resolveDir: root,
    },
    entryNames: `${name}-[hash]`,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    banner: { js: '(function (require, module, exports) {' },
    footer: { js: '})' },
    // What is imported when it is needed is in the same script, and evaluated then.
    supported: { 'dynamic-import': false },
    metafile: true,
  })
  return { parts, file: basename(Object.keys(metafile.outputs)[0]) }
}

function buildModule(name, file, plugin) {
  return build({
    ...options,
    entryPoints: { [name]: file },
    format: 'esm',
    plugins: [plugin],
    banner: {
      // CommonJS packages that are bundled ask for Node's own modules.
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
  })
}

/** Leaves commands to files of their own, of which one is read. Their names are added to the set. */
const commandsApart = (names) => ({
  name: 'commands apart',
  setup(build) {
    build.onResolve({ filter: /\/commands\/[^/]+\.ts$/ }, ({ path }) => {
      const name = basename(path, '.ts')
      names.add(name)
      return { path: `./command-${name}.js`, external: true }
    })
  },
})

/** What commands load comes from the script that has it. */
const fromScripts = (scriptOf) => ({
  name: 'from scripts',
  setup(build) {
    build.onResolve({ filter: /\/load\/[^/]+\.ts$/ }, ({ path }) => ({
      path: basename(path, '.ts'),
      namespace: 'script',
    }))
    build.onLoad({ filter: /./, namespace: 'script' }, ({ path }) => ({
      contents: `module.exports = require('./script.ts').loadScript('${scriptOf.get(path)}')['${path}']()`,
      resolveDir: join(root, 'src/cli/script'),
    }))
  },
})

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle()
