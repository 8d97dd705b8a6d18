import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sandboxImageArchive } from './sandbox-image.ts'

/** Unpacks an archive as others do. */
function unpacked(archive: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'k8ts-image-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  execFileSync('tar', ['-x', '-p', '-C', folder], { input: archive })
  return folder
}

/** Path below a folder to its kind and permissions. */
const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
      const stat = statSync(join(folder, name))
      return [name, `${stat.isDirectory() ? 'folder' : 'file'} ${(stat.mode & 0o7777).toString(8)}`]
    }),
  )

test('sandboxImageArchive() has a place for whatever a runtime mounts, so that no sandbox gets a layer of its own', () => {
  const image = unpacked(sandboxImageArchive('amd64'))
  const blob = ({ digest }: { readonly digest: string }): Buffer =>
    readFileSync(join(image, 'blobs', digest.replace(':', '/')))
  const index = JSON.parse(readFileSync(join(image, 'index.json'), 'utf8')) as { manifests: { digest: string }[] }
  const manifest = JSON.parse(String(index.manifests.map(blob))) as { layers: { digest: string }[] }
  expect(manifest.layers.map((layer) => contents(unpacked(blob(layer))))).toEqual([
    {
      pause: 'file 755',
      dev: 'folder 755',
      etc: 'folder 755',
      'etc/hostname': 'file 644',
      'etc/hosts': 'file 644',
      'etc/resolv.conf': 'file 644',
      proc: 'folder 755',
      sys: 'folder 755',
    },
  ])
})
