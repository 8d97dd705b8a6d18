import { configmaps, pods, secrets, serviceaccounts } from '#api/core/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { LegacyTokenCleaner } from './controller.ts'

/** Marks, and later deletes, generated tokens that nobody uses. */
export const legacyTokenCleanerController: ControllerDescriptor<ControllersOptions> = {
  name: 'legacy-serviceaccount-token-cleaner-controller',
  aliases: ['legacy-service-account-token-cleaner'],
  serviceAccount: 'legacy-service-account-token-cleaner',
  inputs: [serviceaccounts, secrets, pods, configmaps],
  outputs: [{ resource: secrets, ownership: 'shared' }],
  create: (context) => new LegacyTokenCleaner(context),
}
