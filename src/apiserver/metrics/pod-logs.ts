import { NumberFamily } from '#machinery'
import type { MetricFamily } from '#machinery'
import type { FamilySource } from './source.ts'

/** How kubelets are asked for logs: whether their certificates are looked at. */
export class PodLogMetrics implements FamilySource {
  readonly #usage = new NumberFamily(
    'counter',
    'kube_apiserver_pod_logs_insecure_backend_total',
    'Requests for logs, by whether the kubelet has to show who it is.',
    ['usage'],
  )

  asked(skipsVerification: boolean): void {
    this.#usage.add(1, skipsVerification ? 'skip_tls_allowed' : 'enforce_tls')
  }

  families(): readonly MetricFamily[] {
    return [this.#usage]
  }
}
