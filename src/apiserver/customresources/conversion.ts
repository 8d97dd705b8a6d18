import { messageOf, tracedPart } from '#base'
import type { SpanOptions } from '#base'
import type { ConversionReview, CustomResourceDefinition } from '#api/apiextensions/v1'
import { quote } from '#machinery'
import type { KubeObject } from '#machinery'
import { newUid } from '../registry/metadata.ts'
import type { Services } from '../services.ts'
import { postReview } from '../webhook/post.ts'
import { webhookTarget } from '../webhook/target.ts'

/** Converts objects of one kind to a version, in order. */
export type ConvertObjects = (objects: readonly KubeObject[], apiVersion: string) => Promise<readonly KubeObject[]>

const answerMs = 30_000

/** Conversion by the webhook of a definition; `undefined` for definitions that have none. */
export function webhookConversion(crd: CustomResourceDefinition, services: Services): ConvertObjects | undefined {
  const { strategy, webhook } = crd.spec.conversion ?? {}
  if (strategy !== 'Webhook' || !webhook?.clientConfig) return undefined
  const { clientConfig, conversionReviewVersions } = webhook
  const { kind } = crd.spec.names
  const reviewVersion = conversionReviewVersions.find((version) => version === 'v1' || version === 'v1beta1')
  return async (objects, apiVersion) => {
    const from = `${objects[0]?.apiVersion ?? ''}, Kind=${kind}`
    if (reviewVersion === undefined) throw new Error('no supported conversion review versions')
    const uid = newUid(services.clock)
    const review: object = {
      kind: 'ConversionReview',
      apiVersion: `apiextensions.k8s.io/${reviewVersion}`,
      request: { uid, desiredAPIVersion: apiVersion, objects },
    }
    let converted: readonly unknown[]
    try {
      const target = webhookTarget(clientConfig, 'timeout=30s', services)
      const { clock } = services
      const transport = services.webhooks(target)
      const endpoint = { clock, transport, url: target.url, timeoutMs: answerMs, attempts: 1 }
      const span = (): SpanOptions => ({
        name: 'Call conversion webhook',
        attributes: {
          'custom-resource-definition': crd.metadata.name ?? '',
          'desired-api-version': apiVersion,
          'object-count': objects.length,
          UID: uid,
        },
      })
      const answered = await tracedPart(services.tracer, span, () => postReview<ConversionReview>(endpoint, review))
      converted = convertedIn(answered, uid, reviewVersion)
    } catch (error) {
      const why = messageOf(error)
      throw new Error(`conversion webhook for ${from} failed: ${why}`, { cause: error })
    }
    if (converted.length !== objects.length)
      throw new Error(`conversion webhook for ${from} returned ${converted.length} objects, expected ${objects.length}`)
    return objects.map((object, index) => {
      try {
        return checked(object, converted[index], apiVersion)
      } catch (error) {
        const why = messageOf(error)
        throw new Error(`conversion webhook for ${from} returned invalid converted object at index ${index}: ${why}`, {
          cause: error,
        })
      }
    })
  }
}

function convertedIn(
  { apiVersion, kind, response }: ConversionReview,
  uid: string,
  version: string,
): readonly unknown[] {
  const strict = version === 'v1'
  if (strict && (apiVersion !== 'apiextensions.k8s.io/v1' || kind !== 'ConversionReview')) {
    const got = `${apiVersion ?? ''}, Kind=${kind ?? ''}`
    throw new Error(`expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got ${got}`)
  }
  if (!response) throw new Error('no response provided')
  if (strict && response.uid !== uid) throw new Error(`expected response.uid=${quote(uid)}, got ${quote(response.uid)}`)
  const { status = '', message = '' } = response.result
  if (status !== 'Success') throw new Error(message || `response.result.status was '${status}', not 'Success'`)
  return response.convertedObjects ?? []
}

/** What a webhook may change is all but the object's identity; of its metadata, labels and annotations. */
function checked(original: KubeObject, answer: unknown, apiVersion: string): KubeObject {
  if (typeof answer !== 'object' || answer === null) throw new Error('missing metadata in converted object')
  const converted = answer as KubeObject
  if (converted.apiVersion !== apiVersion)
    throw new Error(`invalid groupVersion (expected ${apiVersion}, received ${converted.apiVersion})`)
  if (converted.kind !== original.kind)
    throw new Error(`invalid kind (expected ${original.kind}, received ${converted.kind})`)
  const { metadata } = answer as { readonly metadata?: KubeObject['metadata'] }
  if (!metadata) throw new Error('missing metadata in converted object')
  for (const [field, label] of [
    ['name', 'name'],
    ['namespace', 'namespace'],
    ['uid', 'UID'],
  ] as const) {
    const [before = '', after = ''] = [original.metadata[field], metadata[field]]
    if (before !== after) throw new Error(`must have the same ${label}: ${before} != ${after}`)
  }
  const { labels: _, annotations: __, ...kept } = original.metadata
  const { labels, annotations } = metadata
  return {
    ...converted,
    metadata: { ...kept, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
  }
}
