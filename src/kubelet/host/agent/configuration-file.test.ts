import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readConfiguration } from '#kubelet'
import { withDropIns } from './configuration-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k8ts-config-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const head = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'
const put = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text)

test('withDropIns() puts *.conf over the base by their names, maps key by key and lists whole', async () => {
  await mkdir(join(folder, '15-more'))
  await put('20-last.conf', `${head}port: 3\nclusterDNS: [10.0.0.9]\n`)
  await put('10-first.conf', `${head}port: 1\nmaxPods: 1\nevictionHard: {memory.available: 1Gi}\n`)
  await put('15-more/middle.conf', `${head}port: 2\nmaxPods: 2\n`)
  await put('99-other.yaml', `${head}port: 4\n`)
  const base = { clusterDNS: ['10.0.0.1', '10.0.0.2'], nodeStatusUpdateFrequency: '5s', serverTLSBootstrap: true }
  const merged = await withDropIns(base, folder)
  expect(readConfiguration(merged)).toMatchObject({
    port: 3,
    maxPods: 2,
    clusterDNS: ['10.0.0.9'],
    evictionHard: { 'memory.available': '1Gi', 'nodefs.available': '10%' },
    nodeStatusReportFrequency: 5000,
  })
  expect(merged).toMatchObject({ serverTLSBootstrap: true })
})

test('withDropIns() names the folder and the file that it can not take', async () => {
  const walked = (path: string): string =>
    `failed to merge kubelet configs: failed to walk through kubelet dropin directory "${path}"`
  await expect(withDropIns({}, join(folder, 'none'))).rejects.toThrow(walked(join(folder, 'none')))
  await put('a.conf', 'port: 1\n')
  const failed = `${walked(folder)}: failed to load kubelet dropin file, path: ${join(folder, 'a.conf')}`
  await expect(withDropIns({}, folder)).rejects.toThrow(`${failed}, no apiVersion/kind`)
  await put('a.conf', 'apiVersion: v1\nkind: Pod\n')
  await expect(withDropIns({}, folder)).rejects.toThrow(`${failed}, unknown apiVersion/kind: v1, Kind=Pod`)
})
