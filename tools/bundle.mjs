/**
 * Puts the compiled rooms into few files, because a process that loads hundreds of modules pays for each at every start.
 * What is imported on demand stays in files of its own. Reads the sources, so it needs no compiler before it.
 */
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** File in `dist/bundle` by entry. All lie in one folder, so that paths relative to it hold in every part. */
const entryPoints = {
  k8ts: 'src/cli/main.ts',
}

export async function bundle() {
  const outdir = join(root, 'dist', 'bundle')
  rmSync(outdir, { recursive: true, force: true })
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    entryNames: '[name]',
    chunkNames: 'part-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    // It brings a compiled part, which it finds by its own path. The others are optional parts of ws.
    external: ['lmdb', 'bufferutil', 'utf-8-validate'],
    legalComments: 'eof',
    logLevel: 'warning',
    // CommonJS packages that are bundled ask for Node's own modules.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle()
