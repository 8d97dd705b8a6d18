import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
