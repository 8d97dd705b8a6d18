import { everything, Tree, TreeSnapshot } from '#store'
import { entryOf } from './archive.ts'
import type { EtcdClient } from './client.ts'
import type { Keys } from './keys.ts'

/** Reads the newest state. @param known entries of it that need not be made anew */
export async function loadTree(client: EtcdClient, keys: Keys, known: Tree = Tree.empty): Promise<TreeSnapshot> {
  const range = keys.range(everything)
  if (!range) throw new TypeError('the store has no place for keys')
  const { revision, kvs } = await client.list(range)
  const edit = Tree.empty.edit()
  for (const kv of kvs) {
    const key = keys.fromPeer(kv.key)
    if (key !== undefined) edit.put(entryOf(key, kv, known))
  }
  return new TreeSnapshot(revision, edit.tree())
}
