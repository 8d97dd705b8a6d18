import { secrets, serviceaccounts } from '#api/core/v1'
import type { ControllerDescriptor } from '#client'
import { idleController } from '../common/idle.ts'
import type { ControllersOptions } from '../options.ts'
import { TokensController } from './controller.ts'

/** Fills Secrets with tokens of service accounts. Idle where the composition can't sign. */
export const tokensController: ControllerDescriptor<ControllersOptions> = {
  name: 'serviceaccount-token-controller',
  aliases: ['serviceaccount-token'],
  // The manager itself: no account of a controller may write every secret.
  serviceAccount: '',
  inputs: [serviceaccounts, secrets],
  outputs: [
    { resource: secrets, ownership: 'shared' },
    { resource: serviceaccounts, ownership: 'shared' },
  ],
  create(context) {
    const { rootCA = '', signToken } = context.options
    return signToken ? new TokensController(context, { rootCA, sign: signToken }) : idleController
  },
}
