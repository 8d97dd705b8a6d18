/**
 * Puts the compiled rooms into few files, because a process that loads hundreds of modules pays for each at every start, and
 * into different ones for what runs for long: a node's agent holds no API server in its memory, and the other way round.
 * Reads the sources, so it needs no compiler before it.
 */
import { readFileSync, rmSync } from 'node:fs'
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
  node: ['agent', 'kubelet', 'proxy', 'dns', 'ingress', 'down'],
}
/** Commands that ask a cluster themselves: what that takes would be in the files of the others, were they made together. */
const asking = ['image', 'status', 'token', 'why']

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
  const scripts = await Promise.all(Object.entries(programs).map(([name, parts]) => buildScript(name, parts)))
  const scriptOf = new Map(scripts.flatMap(({ parts, file }) => parts.map((part) => [part, file])))
  const registry = readFileSync(join(root, 'src/cli/registry.ts'), 'utf8')
  const commands = [...registry.matchAll(/import\('\.\/commands\/(.+)\.ts'\)/g)].map(([, name]) => name)
  const files = (names) => Object.fromEntries(names.map((name) => [`command-${name}`, `src/cli/commands/${name}.ts`]))
  const light = commands.filter((name) => !asking.includes(name))
  await Promise.all([
    buildModules({ k8ts: 'src/cli/main.ts', worker: 'src/cluster/yaml/worker.ts', ...files(light) }, scriptOf),
    buildModules(files(asking), scriptOf),
  ])
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
    // Where the bundle is, for those who start what lies beside it.
    define: { 'import.meta.url': 'bundleUrl' },
    banner: {
      js: "(function (require, module, exports) { const bundleUrl = require('node:url').pathToFileURL(module.filename).href;",
    },
    footer: { js: '})' },
    // What is imported when it is needed is in the same script, and evaluated then.
    supported: { 'dynamic-import': false },
    metafile: true,
  })
  return { parts, file: basename(Object.keys(metafile.outputs)[0]) }
}

function buildModules(entryPoints, scriptOf) {
  return build({
    ...options,
    entryPoints,
    format: 'esm',
    plugins: [commandsApart, fromScripts(scriptOf)],
    banner: {
      // CommonJS packages that are bundled ask for Node's own modules.
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
  })
}

/** Leaves commands to files of their own, of which one is read. */
const commandsApart = {
  name: 'commands apart',
  setup(build) {
    build.onResolve({ filter: /^\.\/commands\/[^/]+\.ts$/ }, ({ path }) => ({
      path: `./command-${basename(path, '.ts')}.js`,
      external: true,
    }))
  },
}

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
