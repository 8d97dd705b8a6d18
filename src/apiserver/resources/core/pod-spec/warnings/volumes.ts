import type { KeyToPath, PodSpec, Volume, VolumeProjection } from '#api/core/v1'
import { quote } from '#machinery'
import { amountWarning } from './containers.ts'
import type { Place } from './place.ts'

type SourceField = Exclude<keyof Volume, 'name'>

/** Kinds of volumes that are no more: the field, the name it is spoken of by, and since when. */
const former: readonly (readonly [field: SourceField, at: string, why: string])[] = [
  ['photonPersistentDisk', 'photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'storageOS', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'rbd', 'deprecated in v1.28, non-functional in v1.31+'],
]

export function volumeWarnings({ volumes = [] }: PodSpec, place: Place): string[] {
  return volumes.flatMap((volume, index) => {
    const path = place('spec', 'volumes').index(index)
    const warnings = former
      .filter(([field]) => volume[field] !== undefined)
      .map(([, at, why]) => `${path.child(at).toString()}: ${why}`)
    const { resources } = volume.ephemeral?.volumeClaimTemplate?.spec ?? {}
    const claim = path.child('ephemeral', 'volumeClaimTemplate', 'spec', 'resources')
    return [
      ...warnings,
      ...amountWarning(resources?.requests, 'storage', claim.child('requests')),
      ...amountWarning(resources?.limits, 'storage', claim.child('limits')),
    ]
  })
}

/** A file of a volume and what it comes from; the source is empty where the volume has but one. */
interface File {
  readonly path: string
  readonly source: string
}

const show = ({ path, source }: File): string => (source === '' ? quote(path) : `${quote(path)} (${source})`)

/** Files of one volume that lie in or on each other. */
export function overlapWarnings({ volumes = [] }: PodSpec): string[] {
  return volumes.flatMap(({ name, configMap, secret, downwardAPI, projected }) => {
    const tell = (what: string, overlaps: readonly string[]): string[] =>
      overlaps.map((overlap) => `volume ${quote(name)} (${what}): overlapping paths: ${overlap}`)
    const warnings: string[] = []
    if (configMap?.items)
      warnings.push(...tell(`ConfigMap ${quote(configMap.name ?? '')}`, overlaps(files(configMap.items))))
    if (secret?.items) warnings.push(...tell(`Secret ${quote(secret.secretName ?? '')}`, overlaps(files(secret.items))))
    if (downwardAPI?.items) warnings.push(...tell('DownwardAPI', overlaps(files(downwardAPI.items))))
    const all: File[] = []
    for (const source of projected?.sources ?? []) {
      if (Object.keys(source).length === 0) {
        warnings.push(`volume ${quote(name)} (Projected) has no sources provided`)
        continue
      }
      for (const file of filesOf(source)) warnings.push(...tell('Projected', overlapsWith(all, file)))
    }
    return warnings
  })
}

const files = (items: readonly Pick<KeyToPath, 'path'>[], source = ''): File[] =>
  items.map(({ path }) => ({ path, source }))

function filesOf(source: VolumeProjection): File[] {
  const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate } = source
  if (configMap?.items) return files(configMap.items, `ConfigMap ${quote(configMap.name ?? '')}`)
  if (secret?.items) return files(secret.items, `Secret ${quote(secret.name ?? '')}`)
  if (downwardAPI?.items) return files(downwardAPI.items, 'DownwardAPI')
  if (serviceAccountToken) return files([serviceAccountToken], 'ServiceAccountToken')
  if (clusterTrustBundle) {
    const { name, signerName = '' } = clusterTrustBundle
    return files([clusterTrustBundle], `ClusterTrustBundle ${quote(name ?? signerName)}`)
  }
  const { certificateChainPath = '', keyPath = '', credentialBundlePath = '' } = podCertificate ?? {}
  return [
    { path: certificateChainPath, source: 'PodCertificate chain' },
    { path: keyPath, source: 'PodCertificate key' },
    { path: credentialBundlePath, source: 'PodCertificate credential bundle' },
  ].filter(({ path }) => path !== '')
}

function overlaps(all: readonly File[]): string[] {
  const before: File[] = []
  return all.flatMap((file) => overlapsWith(before, file))
}

/** Tells of the files that one more file clashes with, and adds it to them. */
function overlapsWith(before: File[], added: File): string[] {
  const file = { ...added, path: added.path.replace(/\/+$/, '') }
  const clashes = before.filter((other) => file.path !== '' && other.path !== '' && touch(file.path, other.path))
  before.push(file)
  return clashes.map((other) => `${show(file)} with ${show(other)}`)
}

const touch = (one: string, other: string): boolean =>
  `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`)
