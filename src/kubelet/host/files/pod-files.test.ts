import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPodFiles } from './pod-files.ts'

test('removeLogs() takes the names that lead into the folder away with it, and no others', async () => {
  const root = mkdtempSync(join(tmpdir(), 'pod-files-'))
  const [podLogs, containerLogs] = [join(root, 'pods'), join(root, 'containers')]
  const files = createPodFiles({ root, podLogs, containerLogs, resolverFile: '' })
  const folders = ['1', '2'].map((uid) => join(podLogs, `default_web_${uid}`)) as [string, string]
  try {
    for (const [index, folder] of folders.entries()) {
      await files.makeLogFolder(join(folder, 'app'))
      await files.linkLog(join(folder, 'app', '0.log'), `web_default_app-${index}.log`)
    }
    await files.removeLogs(folders[0])
    expect([readdirSync(podLogs), readdirSync(containerLogs)]).toEqual([['default_web_2'], ['web_default_app-1.log']])
  } finally {
    rmSync(root, { recursive: true })
  }
})
