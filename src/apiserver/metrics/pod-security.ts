import { NumberFamily } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { AdmissionAttributes } from '../admission/admission.ts'
import type { LevelVersion } from '../admission/plugins/pod-security/policy.ts'
import { versionInfo } from '../discovery/version.ts'
import type { FamilySource } from './source.ts'

const labels = ['request_operation', 'resource', 'subresource'] as const

/** What becomes of pods by the Pod Security Standards (KEP-2579). Nobody is exempt here. */
export class PodSecurityMetrics implements FamilySource {
  readonly #evaluations = new NumberFamily(
    'counter',
    'pod_security_evaluations_total',
    'Pods, and templates of pods, that were held to a level.',
    ['decision', 'mode', 'policy_level', 'policy_version', ...labels],
  )
  readonly #errors = new NumberFamily(
    'counter',
    'pod_security_errors_total',
    'Pods that could not be held to what their namespace asks for.',
    ['fatal', ...labels],
  )

  evaluated(
    mode: 'enforce' | 'audit' | 'warn',
    decision: 'allow' | 'deny',
    policy: LevelVersion,
    attributes: AdmissionAttributes,
  ): void {
    this.#evaluations.add(1, decision, mode, policy.level, versionLabel(policy), ...labelsOf(attributes))
  }

  /** @param fatal the pod was not looked at */
  failed(fatal: boolean, attributes: AdmissionAttributes): void {
    this.#errors.add(1, String(fatal), ...labelsOf(attributes))
  }

  families(): readonly MetricFamily[] {
    return [this.#evaluations, this.#errors]
  }
}

/** The privileged level is the same in all versions. */
function versionLabel({ level, version }: LevelVersion): string {
  if (version === 'latest' || level === 'privileged') return 'latest'
  return version > Number(versionInfo.minor) ? 'future' : `v1.${version}`
}

function labelsOf({ operation, endpoint, subresource }: AdmissionAttributes): readonly [string, string, string] {
  const resource = endpoint.group === '' && endpoint.plural === 'pods' ? 'pod' : 'controller'
  return [operation.toLowerCase(), resource, subresource]
}
