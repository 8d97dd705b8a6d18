import { messageOf } from '#base'

/** What a former run has left can not be read, or was left by another policy. */
export class RestoreError extends Error {
  /** @param kind of the manager: `cpu`. @param path of the file. */
  told(kind: string, path: string): string {
    const file = JSON.stringify(path)
    const advice = `please drain this node and delete the ${kind} manager checkpoint file ${file} before restarting Kubelet`
    return `could not restore state from checkpoint: ${this.message}, ${advice}`
  }
}

/** Reads what a former run has left. @throws RestoreError for whatever is wrong with it. */
export function restored<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new RestoreError(messageOf(error), { cause: error })
  }
}
