import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hostArchitecture, ociArchive, type ImageConfig } from '#kubelet/host'
import { testCache } from '../run/cache.ts'
import { download, run, withLibraries } from './packages.ts'

export interface ImageRecipe {
  /** Full names with tag: `docker.io/library/nginx:1.20.1`. */
  readonly names: readonly string[]
  /** Debian packages whose programs it holds; the libraries they need come by themselves. */
  readonly packages: readonly string[]
  /** Content by path. */
  readonly files?: { readonly [path: string]: string }
  /** Targets by path. */
  readonly links?: { readonly [path: string]: string }
  readonly folders?: readonly string[]
  readonly config: ImageConfig
}

/** Where packages and finished images are kept between runs. */
const cache = join(testCache, 'images')

/** Builds an image from Debian packages; resolves with the path of an OCI archive for `ctr images import`. */
export async function buildImage(recipe: ImageRecipe): Promise<string> {
  const mark = createHash('sha256')
    .update(JSON.stringify([recipe, 'v3']))
    .digest('hex')
    .slice(0, 16)
  const archive = join(cache, `${mark}.tar`)
  if (existsSync(archive)) return archive
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, 'build-'))
  try {
    const root = join(work, 'root')
    await mkdir(root)
    const packages = await withLibraries(recipe.packages)
    for (const file of await download(packages, join(cache, 'packages'))) await run('dpkg-deb', ['-x', file, root])
    for (const folder of ['bin', 'sbin', 'lib', 'lib64']) await mergeIntoUsr(root, folder)
    await furnish(root, recipe)
    const layer = join(work, 'layer.tar')
    const owner = ['--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '--sort=name']
    await run('tar', [...owner, '-C', root, '-cf', layer, '.'])
    const { names, config } = recipe
    const bytes = ociArchive({ names, config, architecture: hostArchitecture(), layers: [await readFile(layer)] })
    await writeFile(join(work, 'image.tar'), bytes)
    await rename(join(work, 'image.tar'), archive)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return archive
}

/**
 * Programs and libraries are found under `/` and `/usr` alike, as on an installed Debian: packages put them in the one or
 * the other, by release.
 */
async function mergeIntoUsr(root: string, folder: string): Promise<void> {
  const merged = join(root, 'usr', folder)
  await mkdir(merged, { recursive: true })
  if (existsSync(join(root, folder))) {
    await run('cp', ['-a', `${join(root, folder)}/.`, merged])
    await rm(join(root, folder), { recursive: true })
  }
  await symlink(join('usr', folder), join(root, folder))
}

async function furnish(root: string, recipe: ImageRecipe): Promise<void> {
  for (const unneeded of ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'usr/share/lintian']) {
    await rm(join(root, unneeded), { recursive: true, force: true })
  }
  for (const folder of ['tmp', 'etc', 'proc', 'sys', 'dev', 'root', ...(recipe.folders ?? [])]) {
    await mkdir(join(root, folder), { recursive: true })
  }
  await run('chmod', ['1777', join(root, 'tmp')])
  const files = { '/etc/passwd': passwd, '/etc/group': group, ...recipe.files }
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  for (const [path, target] of Object.entries(recipe.links ?? {})) {
    if (existsSync(join(root, path))) continue
    await mkdir(dirname(join(root, path)), { recursive: true })
    await symlink(target, join(root, path))
  }
}

const passwd = [
  'root:x:0:0:root:/root:/bin/sh',
  'www-data:x:33:33:www-data:/var/www:/bin/sh',
  'guest:x:1000:1000:guest:/tmp:/bin/sh',
  'nobody:x:65534:65534:nobody:/nonexistent:/bin/false',
  '',
].join('\n')
const group = ['root:x:0:', 'www-data:x:33:', 'guest:x:1000:', 'extra:x:2000:guest', 'nogroup:x:65534:', ''].join('\n')
