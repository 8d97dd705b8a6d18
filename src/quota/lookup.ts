import type { KubeObject } from '#machinery'

/** Where evaluators find the objects that decide how others count; empty where they are not known. */
export interface QuotaLookup {
  /** An object by group and plural name of its resource. */
  readonly peek: <T extends KubeObject>(group: string, plural: string, namespace: string, name: string) => T | undefined
  /** All objects of a resource in a namespace; in all where it is empty. */
  readonly peekAll: <T extends KubeObject>(group: string, plural: string, namespace: string) => Iterable<T>
}
