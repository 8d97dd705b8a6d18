import { namespaces, pods } from '#api/core/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { NamespaceController } from './controller.ts'

/** Deletes the content of namespaces that are being deleted. */
export const namespaceController: ControllerDescriptor<ControllersOptions> = {
  name: 'namespace-controller',
  aliases: ['namespace'],
  inputs: [namespaces, pods],
  outputs: [
    { resource: namespaces, subresource: 'status', ownership: 'exclusive' },
    { resource: namespaces, subresource: 'finalize', ownership: 'exclusive' },
  ],
  create: (context) =>
    new NamespaceController(context, {
      concurrency: context.options.concurrency?.namespaces ?? 10,
      graceMs: context.options.namespaceGraceMs ?? 5000,
      discover: context.options.discover,
    }),
}
