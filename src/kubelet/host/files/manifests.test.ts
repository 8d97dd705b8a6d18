import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createManifests } from './manifests.ts'

test('manifests are YAML as kubectl reads it: modes in octal, and words for yes and no', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'manifests-'))
  try {
    writeFileSync(
      join(folder, 'web.yaml'),
      'kind: Pod\nspec: {hostNetwork: yes, volumes: [{secret: {defaultMode: 0440}}]}\n',
    )
    expect([...(await createManifests().read(folder)).values()]).toEqual([
      { object: { kind: 'Pod', spec: { hostNetwork: true, volumes: [{ secret: { defaultMode: 0o440 } }] } } },
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a file that goes and comes back is heard of twice, one that takes its place once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'manifests-'))
  const [file, other] = [join(folder, 'web.yaml'), join(folder, '.web.yaml')]
  writeFileSync(file, 'kind: Pod\n')
  let moves = 0
  const stop = createManifests().watch(folder, (moved) => {
    if (moved === file) moves++
  })
  try {
    writeFileSync(other, 'kind: Pod\n')
    renameSync(other, file)
    await expect.poll(() => moves).toBe(1)
    rmSync(file)
    writeFileSync(file, 'kind: Pod\n')
    await expect.poll(() => moves).toBe(3)
  } finally {
    stop()
    rmSync(folder, { recursive: true })
  }
})
