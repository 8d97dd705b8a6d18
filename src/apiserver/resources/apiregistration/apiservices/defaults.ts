import type { Draft } from '#api'
import type { APIService } from '#api/apiregistration/v1'

export function applyServiceDefaults({ spec }: Draft<APIService>): void {
  if (spec?.service) spec.service.port ??= 443
}
