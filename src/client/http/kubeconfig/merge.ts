import { isMap, isSeq, parseDocument, YAMLMap, YAMLSeq } from 'yaml'
import type { Document } from 'yaml'
import { changeFile } from './change-file.ts'
import type {
  KubeconfigCluster,
  KubeconfigContext,
  KubeconfigUser,
  NamedCluster,
  NamedContext,
  NamedUser,
} from './types.ts'

/** One context with what it refers to. All three bear its name unless the context says otherwise. */
export interface KubeconfigEntry {
  readonly name: string
  readonly cluster: KubeconfigCluster
  readonly user: KubeconfigUser
  readonly namespace?: string
  /** Makes it the current context; true when absent. */
  readonly makeCurrent?: boolean
}

/**
 * Puts a context into a kubeconfig file, in place of one with the same name. Everything else in the file stays, comments
 * too. The file is replaced in one step and locked against `kubectl` meanwhile; a new one is readable by its owner alone.
 *
 * @throws Error when the file is locked for long, is no kubeconfig, or can't be written.
 */
export const mergeKubeconfig = (path: string, entry: KubeconfigEntry): Promise<void> =>
  changeFile(path, (text) => withEntry(open(text, path), entry))

/** Text of a kubeconfig that has one context alone. */
export const newKubeconfig = (entry: KubeconfigEntry): string => withEntry(open(undefined, ''), entry)

function withEntry(document: Document, entry: KubeconfigEntry): string {
  const { name, cluster, user, namespace, makeCurrent = true } = entry
  const context: KubeconfigContext = { cluster: name, user: name, ...(namespace ? { namespace } : {}) }
  put(document, 'clusters', { name, cluster })
  put(document, 'contexts', { name, context })
  put(document, 'users', { name, user })
  if (makeCurrent || !document.get('current-context')) document.set('current-context', name)
  return document.toString({ lineWidth: 0 })
}

/** Takes a context, its cluster and its user out of a kubeconfig file. A file that does not exist stays so. */
export function removeFromKubeconfig(path: string, name: string): Promise<void> {
  return changeFile(path, (text) => {
    if (text === undefined) return undefined
    const document = open(text, path)
    for (const list of lists) {
      const items = document.get(list)
      if (isSeq(items)) items.items = items.items.filter((item) => !isNamed(item, name))
    }
    if (document.get('current-context') === name) document.set('current-context', '')
    return document.toString({ lineWidth: 0 })
  })
}

const lists = ['clusters', 'contexts', 'users'] as const

function open(text: string | undefined, path: string): Document {
  const document = parseDocument(text ?? '')
  if (document.errors.length > 0) {
    throw new Error(`error loading config file "${path}": ${document.errors[0]?.message ?? ''}`)
  }
  if (document.contents === null) {
    document.set('apiVersion', 'v1')
    document.set('kind', 'Config')
  } else if (!isMap(document.contents)) throw new Error(`error loading config file "${path}": it is no mapping`)
  return document
}

function put(document: Document, list: (typeof lists)[number], item: NamedCluster | NamedContext | NamedUser): void {
  let items = document.get(list)
  if (!isSeq(items)) {
    items = new YAMLSeq()
    document.set(list, items)
  }
  if (!isSeq(items)) return
  const node = document.createNode(item)
  const place = items.items.findIndex((each) => isNamed(each, item.name))
  if (place < 0) items.items.push(node)
  else items.items[place] = node
}

function isNamed(item: unknown, name: string): boolean {
  return item instanceof YAMLMap && item.get('name') === name
}
