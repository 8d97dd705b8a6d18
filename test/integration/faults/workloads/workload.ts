import type { ReplicaSet } from '#api/apps/v1'
import type { Pod, PodTemplateSpec } from '#api/core/v1'
import type { Resource } from '#api'
import { isConflict } from '#machinery'
import type { KubeObject } from '#machinery'
import type { World } from '../world.ts'

/** Something that a user runs, with what has to hold of it. */
export interface Workload {
  readonly name: string
  start(): Promise<void>
  /** The user changes their mind. */
  act(): Promise<void>
  /** The user wants it to come to its end from now on. */
  settle(): Promise<void>
  /** What must never be, and is, after a change; `undefined` where all is well. */
  broken(pods: readonly Pod[], replicaSets: readonly ReplicaSet[]): string | undefined
  /** What is not yet as it is declared; `undefined` when all is. */
  unfinished(pods: readonly Pod[]): Promise<string | undefined>
}

export const namespace = 'default'

/** Pods that leave a node that is silent for so many seconds. */
const patience = 20

export function template(app: string, revision: number): PodTemplateSpec {
  const tolerations = ['not-ready', 'unreachable'].map((condition) => ({
    key: `node.kubernetes.io/${condition}`,
    operator: 'Exists' as const,
    effect: 'NoExecute' as const,
    tolerationSeconds: patience,
  }))
  const env = [{ name: 'REVISION', value: `${revision}` }]
  return {
    metadata: { labels: { app } },
    spec: { containers: [{ name: 'main', image: 'app', env }], tolerations, terminationGracePeriodSeconds: 5 },
  }
}

export const podsOf = (pods: readonly Pod[], app: string): readonly Pod[] =>
  pods.filter(({ metadata }) => metadata.labels?.['app'] === app)

export const revisionOf = ({ spec }: Pod): number => Number(spec?.containers[0]?.env?.[0]?.value)

/** Changes an object as a user does: once more where somebody else was faster. */
export async function change<T extends KubeObject>(
  { client }: World,
  resource: Resource<T>,
  name: string,
  edit: (object: T) => T,
): Promise<void> {
  for (;;) {
    try {
      await client.update(resource, edit(await client.get(resource, { namespace, name })))
      return
    } catch (error) {
      if (!isConflict(error)) throw error
    }
  }
}
