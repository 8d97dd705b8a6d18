import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { download, run } from '../images/packages.ts'
import { testCache } from '../run/cache.ts'

/** A folder with the files of Debian packages, fetched once; nothing is installed, and what they depend on is not there. */
export async function unpacked(packages: readonly string[]): Promise<string> {
  const mark = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 16)
  const folder = join(testCache, 'unpacked', mark)
  if (existsSync(folder)) return folder
  await mkdir(join(testCache, 'unpacked'), { recursive: true })
  const work = await mkdtemp(`${folder}-`)
  for (const file of await download(packages, join(testCache, 'images', 'packages'))) {
    await run('dpkg-deb', ['-x', file, work])
  }
  await rename(work, folder)
  return folder
}
