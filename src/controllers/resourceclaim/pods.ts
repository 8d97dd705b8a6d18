import { claimNamesOf, claimOf, isReservedFor, notMadeFor } from '#client'
import type { Pod } from '#api/core/v1'
import type { ResourceClaim } from '#api/resource/v1'
import type { ControllerContext, Informer, Lister } from '#client'
import { podInformer } from '../common/pods/owned.ts'
import { isPodTerminal } from '../common/pods/state.ts'

const byClaim = 'resourceClaim'
const byTemplate = 'resourceClaimTemplate'

/** The shared informer of pods, which finds them by their resource claims and by the templates of these. */
export function podsByResourceClaim(informers: ControllerContext['informers']): Informer<Pod> {
  const informer = podInformer(informers)
  informer.addIndexer(byClaim, claimValues)
  informer.addIndexer(byTemplate, templateValues)
  return informer
}

export function podsWithClaim(informer: Informer<Pod>, key: string): Iterable<Pod> {
  return informer.lister.byIndex(byClaim, key)
}

export function podsWithTemplate(informer: Informer<Pod>, key: string): Iterable<Pod> {
  return informer.lister.byIndex(byTemplate, key)
}

function claimValues(pod: Pod): readonly string[] | undefined {
  if (!pod.spec?.resourceClaims) return undefined
  return [...new Set(claimNamesOf(pod))].map((name) => `${pod.metadata.namespace ?? ''}/${name}`)
}

function templateValues({ metadata, spec }: Pod): readonly string[] | undefined {
  const names = (spec?.resourceClaims ?? []).flatMap(({ resourceClaimTemplateName: name }) => name ?? [])
  return names.length === 0 ? undefined : [...new Set(names)].map((name) => `${metadata.namespace ?? ''}/${name}`)
}

/** Its containers don't run and never will: it ended, or it is deleted before it was on a node. */
export function isPodDone(pod: Pod): boolean {
  return isPodTerminal(pod) || (pod.metadata.deletionTimestamp !== undefined && !pod.spec?.nodeName)
}

/** Whether a claim has to be made for the pod, or reserved for it because nobody scheduled it. */
export function needsWork(pod: Pod, claims: Lister<ResourceClaim>): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false
  return (pod.spec?.resourceClaims ?? []).some((entry) => {
    const meant = claimOf(pod, entry)
    if (meant === 'missing' || meant === 'unknown') return true
    if (meant === 'none') return false
    const claim = claims.get({ namespace: pod.metadata.namespace ?? '', name: meant.name })
    if (!claim) return meant.generated
    if (meant.generated && notMadeFor(pod, claim) !== undefined) return false
    return awaitsReservation(pod, claim)
  })
}

/** A pod that is on a node already, without the scheduler having reserved the claim for it. */
export function awaitsReservation(pod: Pod, claim: ResourceClaim): boolean {
  return Boolean(pod.spec?.nodeName) && claim.status?.allocation !== undefined && !isReservedFor(claim, pod)
}
