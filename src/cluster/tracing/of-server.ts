import type { Clock, Logger } from '#base'
import type { OpenTracing } from '#tracing'
import type { Closing } from '../closing.ts'

/**
 * What `--tracing-config-file` asks for; nothing is loaded where it is absent or empty.
 * @throws UserError when the file can't be used
 */
export async function tracingOf(
  file: string | undefined,
  { closing, ...context }: { readonly clock: Clock; readonly logger: Logger; readonly closing: Closing },
): Promise<Pick<OpenTracing, 'tracer'> | undefined> {
  if (file === undefined || file === '') return undefined
  const { openTracingFile } = await import('./open.ts')
  const tracing = openTracingFile(file, context)
  closing.add(() => tracing.close())
  return { tracer: tracing.tracer }
}
