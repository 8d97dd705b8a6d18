import { counter, gauge } from './families.ts'

/** Why an image that is on the machine may be used, or has to be asked for. */
export type PullCheck = 'credentialPolicyAllowed' | 'credentialRecordFound' | 'mustAuthenticate' | 'error'

interface SavedCounts {
  counts(): { readonly pulling: number; readonly pulled: number }
}

/** What is counted of images: who asks for them, and with which credentials they were pulled. */
export class ImageMetrics {
  readonly #requests = counter(
    'image_manager_ensure_image_requests_total',
    'Number of ensure-image requests processed by the kubelet.',
    ['pull_policy', 'present_locally', 'pull_required'],
  )
  readonly #checks = counter(
    'imagemanager_image_mustpull_checks_total',
    'Counter for how many times kubelet checked whether credentials need to be re-verified to access an image',
    ['result'],
  )
  readonly #intents = gauge('imagemanager_ondisk_pullintents', 'Number of ImagePullIntents stored on disk.')
  readonly #records = gauge('imagemanager_ondisk_pulledrecords', 'Number of ImagePulledRecords stored on disk.')

  #saved: SavedCounts | undefined

  /** A container asked for its image; what is not known of it is absent. */
  asked(policy: string, known: { readonly isPresent?: boolean; readonly needsPull?: boolean }): void {
    const { isPresent = 'unknown', needsPull = 'unknown' } = known
    this.#requests.add(1, policy.toLowerCase(), String(isPresent), String(needsPull))
  }

  checked(result: PullCheck): void {
    this.#checks.add(1, result)
  }

  /** Says how many pulls are under way, and how many images are noted with what they were pulled with. */
  follow(records: SavedCounts): void {
    this.#saved = records
  }

  text(): string {
    const { pulling = 0, pulled = 0 } = this.#saved?.counts() ?? {}
    this.#intents.set(pulling)
    this.#records.set(pulled)
    return [this.#requests, this.#checks, this.#records, this.#intents].map((family) => family.text()).join('')
  }
}
