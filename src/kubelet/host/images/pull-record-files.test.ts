import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { silentLogger } from '#base'
import type { SavedPulls } from '#kubelet'
import { createPullRecordFiles } from './pull-record-files.ts'

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const none: SavedPulls = { pulled: {}, pulling: [], unreadable: [] }
const id = 'sha256:app'
const image = 'example.org/app:1'
const owner = { uid: 'u', namespace: 'default', name: 'one' }
const pulled = {
  updated: Date.UTC(2026, 0, 2, 3, 4, 5),
  credentials: {
    'example.org/app': {
      everyone: false,
      secrets: [{ ...owner, hash: 'abc' }],
      serviceAccounts: [{ ...owner, name: 'robot' }],
    },
    'example.org/open': { everyone: true, secrets: [], serviceAccounts: [] },
  },
}
/** The same as upstream's kubelet writes it. */
const written = {
  kind: 'ImagePulledRecord',
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  lastUpdatedTime: '2026-01-02T03:04:05Z',
  imageRef: id,
  credentialMapping: {
    'example.org/app': {
      kubernetesSecrets: [{ ...owner, credentialHash: 'abc' }],
      kubernetesServiceAccounts: [{ ...owner, name: 'robot' }],
    },
    'example.org/open': { nodePodsAccessible: true },
  },
}
const intent = { kind: 'ImagePullIntent', apiVersion: 'kubelet.config.k8s.io/v1beta1', image }

function inFolder(play: (place: Place) => void): void {
  const root = mkdtempSync(join(tmpdir(), 'k8i-'))
  try {
    const pathOf = (folder: string, subject: string): string =>
      join(root, 'image_manager', folder, `sha256-${hashOf(subject)}`)
    play({
      root,
      pathOf,
      put: (folder, subject, text) => {
        const path = pathOf(folder, subject)
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, text)
      },
      before: () => createPullRecordFiles(root, silentLogger).before,
    })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

interface Place {
  readonly root: string
  readonly pathOf: (folder: string, subject: string) => string
  readonly put: (folder: string, subject: string, text: string) => void
  readonly before: () => SavedPulls
}

test('pulls are noted in the files of an ImagePullIntent and an ImagePulledRecord, for root alone', () => {
  inFolder(({ root, pathOf, before }) => {
    const { before: first, save } = createPullRecordFiles(root, silentLogger)
    expect(first).toEqual(none)
    save({ pulled: {}, pulling: [image] })
    expect(JSON.parse(readFileSync(pathOf('pulling', image), 'utf8'))).toEqual(intent)
    save({ pulled: { [id]: pulled }, pulling: [] })
    expect(readdirSync(join(root, 'image_manager', 'pulling'))).toEqual([])
    const path = pathOf('pulled', id)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(written)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(before()).toEqual({ ...none, pulled: { [id]: pulled } })
    save({ pulled: {}, pulling: [] })
    expect(before()).toEqual(none)
  })
})

test.each(['v1beta1', 'v1alpha1'])("records of upstream's kubelet are read in %s", (version) => {
  inFolder(({ put, before }) => {
    const apiVersion = `kubelet.config.k8s.io/${version}`
    put('pulled', id, JSON.stringify({ ...written, apiVersion }))
    put(
      'pulled',
      'sha256:unknown',
      JSON.stringify({ ...written, apiVersion, imageRef: 'sha256:unknown', credentialMapping: undefined }),
    )
    put('pulling', image, JSON.stringify({ ...intent, apiVersion }))
    expect(before()).toEqual({
      ...none,
      pulled: { [id]: pulled, 'sha256:unknown': { updated: pulled.updated, credentials: {} } },
      pulling: [image],
    })
  })
})

test.each(['{"kind": ', '{}', '[]', JSON.stringify({ ...written, apiVersion: 'v1' }), JSON.stringify(intent)])(
  'a record that is %s is told of as one that can not be read, and stays until its image is pulled again',
  (text) => {
    inFolder(({ root, put, before }) => {
      put('pulled', id, text)
      expect(before()).toEqual({ ...none, unreadable: [hashOf(id)] })
      const { save } = createPullRecordFiles(root, silentLogger)
      save({ pulled: {}, pulling: [] })
      expect(before().unreadable).toEqual([hashOf(id)])
      save({ pulled: { [id]: pulled }, pulling: [] })
      expect(before()).toEqual({ ...none, pulled: { [id]: pulled } })
    })
  },
)

test('what a write has left unfinished, and files of others, are no records', () => {
  inFolder(({ root, put, pathOf, before }) => {
    put('pulled', id, JSON.stringify(written))
    writeFileSync(`${pathOf('pulled', 'other')}.tmp`, '{')
    writeFileSync(join(root, 'image_manager', 'pulled', 'notes'), 'mine')
    expect(before()).toEqual({ ...none, pulled: { [id]: pulled } })
  })
})
