import type { DnsConfig } from '../runtime/records.ts'

/** Files of pods on the node. Methods reject with the host's error. */
export interface PodFiles {
  /** Folder of all the agent keeps. */
  readonly root: string
  /** Folder of a pod's files. */
  podFolder(uid: string): string
  makePodFolders(uid: string): Promise<void>
  /** Removes a pod's files. @throws Error while a volume is still mounted below. */
  removePodFolders(uid: string): Promise<void>
  /** Uids of all pods that have files here. */
  podsWithFolders(): Promise<readonly string[]>

  /** Writes the pod's /etc/hosts; resolves with its path. */
  writeHostsFile(uid: string, content: string): Promise<string>
  /** The node's own /etc/hosts. */
  readNodeHosts(): Promise<string>
  /** The node's resolver file; `undefined` when none is configured. */
  readResolver(): Promise<DnsConfig | undefined>

  makeLogFolder(path: string): Promise<void>
  /** One more than the highest restart number that log files in a folder carry; 0 when there are none. */
  nextRestartByLogs(folder: string): Promise<number>
  /** Makes the container's log known under the name that log collectors look for. */
  linkLog(log: string, name: string): Promise<void>
  unlinkLog(name: string): Promise<void>
  /** Bytes of a container's log, `undefined` when there is none. */
  logSize(path: string): Promise<number | undefined>
  /** Renames a container's log, so that its writer begins a new one; the suffix sorts by time. */
  setLogAside(path: string, suffix: string): Promise<void>
  /** Undoes that. */
  takeLogBack(path: string, suffix: string): Promise<void>
  /** Removes all but the newest `keep` of the logs that were set aside, and compresses these. */
  tidyLogs(path: string, keep: number): Promise<void>
  /** Removes a container's log with those that were set aside. */
  removeLog(path: string): Promise<void>
  /** Removes all logs of a pod, and the names under which log collectors know them. */
  removeLogs(folder: string): Promise<void>
  /** Folders of pods' logs, by uid. */
  podsWithLogs(): Promise<readonly { readonly uid: string; readonly folder: string }[]>

  /** Makes an empty file that everybody may write, for a container's termination message; resolves with its path. */
  makeTerminationLog(uid: string, containerName: string): Promise<string>
  /** The last `mostBytes` of a termination message, `undefined` when there is no such file. */
  readTerminationLog(path: string, mostBytes: number): Promise<string | undefined>
  /** The last lines of a container's log, cut from the front to `mostBytes`. */
  readLogTail(path: string, mostLines: number, mostBytes: number): Promise<string>
  /**
   * A variable of an environment file in a folder, which no link may lead out of; `undefined` where the file has none such.
   *
   * @throws Error with the message users see.
   */
  readVariable(folder: string, path: string, key: string): Promise<string | undefined>
}
