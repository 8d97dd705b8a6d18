import type { PulledImage } from '#kubelet'

const version = 'kubelet.config.k8s.io/v1beta1'
const readable = new Set<unknown>([version, 'kubelet.config.k8s.io/v1alpha1'])

type PullRecord = PulledImage['credentials'][string]

/** An ImagePulledRecord (kubelet.config.k8s.io/v1beta1), as far as it is read. */
interface WrittenRecord {
  readonly lastUpdatedTime: string
  readonly imageRef: string
  readonly credentialMapping?: { readonly [name: string]: WrittenCredentials }
}

interface WrittenCredentials {
  readonly kubernetesSecrets?: readonly (Identity & { readonly credentialHash: string })[]
  readonly kubernetesServiceAccounts?: readonly Identity[]
  readonly nodePodsAccessible?: boolean
}

interface Identity {
  readonly uid: string
  readonly namespace: string
  readonly name: string
}

/** The text of an ImagePullIntent: an image whose pull has begun. */
export const pullIntent = (image: string): string =>
  JSON.stringify({ kind: 'ImagePullIntent', apiVersion: version, image })

/** The image that an ImagePullIntent names. @throws SyntaxError, TypeError when the text is none */
export function readPullIntent(text: string): string {
  const { image } = objectOf(text, 'ImagePullIntent')
  if (typeof image !== 'string') throw new TypeError('it names no image')
  return image
}

/** The text of an ImagePulledRecord of the image with this id. */
export function pulledRecord(imageRef: string, { updated, credentials }: PulledImage): string {
  const written: WrittenRecord = {
    lastUpdatedTime: `${new Date(updated).toISOString().slice(0, 19)}Z`,
    imageRef,
    credentialMapping: mapValues(credentials, writtenCredentials),
  }
  return JSON.stringify({ kind: 'ImagePulledRecord', apiVersion: version, ...written })
}

/** The id of the image that an ImagePulledRecord is about, and what it says. @throws SyntaxError, TypeError when the text is none */
export function readPulledRecord(text: string): readonly [string, PulledImage] {
  const {
    imageRef,
    lastUpdatedTime,
    credentialMapping = {},
  } = objectOf(text, 'ImagePulledRecord') as Partial<WrittenRecord>
  if (typeof imageRef !== 'string') throw new TypeError('it names no image')
  const updated = Date.parse(lastUpdatedTime ?? '')
  return [
    imageRef,
    { updated: Number.isNaN(updated) ? 0 : updated, credentials: mapValues(credentialMapping, readCredentials) },
  ]
}

function writtenCredentials({ everyone, secrets, serviceAccounts = [] }: PullRecord): WrittenCredentials {
  return {
    ...(secrets.length > 0 && {
      kubernetesSecrets: secrets.map(({ hash, ...secret }) => ({ ...secret, credentialHash: hash })),
    }),
    ...(serviceAccounts.length > 0 && { kubernetesServiceAccounts: serviceAccounts }),
    ...(everyone && { nodePodsAccessible: true }),
  }
}

function readCredentials(written: WrittenCredentials): PullRecord {
  const { kubernetesSecrets = [], kubernetesServiceAccounts = [], nodePodsAccessible = false } = written
  return {
    everyone: nodePodsAccessible,
    secrets: kubernetesSecrets.map(({ credentialHash, ...secret }) => ({ ...secret, hash: credentialHash })),
    serviceAccounts: kubernetesServiceAccounts,
  }
}

function objectOf(text: string, kind: string): { readonly [field: string]: unknown } {
  const value: unknown = JSON.parse(text)
  const object = typeof value === 'object' && value !== null ? (value as { readonly [field: string]: unknown }) : {}
  if (object['kind'] !== kind || !readable.has(object['apiVersion'])) throw new TypeError(`it is no ${kind}`)
  return object
}

const mapValues = <From, To>(
  values: { readonly [key: string]: From },
  map: (value: From) => To,
): { [key: string]: To } => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]))
