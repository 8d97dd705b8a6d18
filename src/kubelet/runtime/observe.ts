import { messageOf } from '#base'
import { noted } from '../containers/labels.ts'
import { podLabels } from '../sandbox/config.ts'
import type { PodFiles } from '../seams/pod-files.ts'
import type { ContainerObservation } from './pod-runtime.ts'
import type { ContainerStatus } from './records.ts'

/** Bounds on termination messages, from a file and from the log. */
const mostMessageBytes = 4096
const mostLogBytes = 2048
const mostLogLines = 80

/** A container as the runtime has it; of one that has exited, with its termination message. */
export async function observeContainer(
  status: ContainerStatus,
  sandboxId: string,
  files: Pick<PodFiles, 'readTerminationLog' | 'readLogTail'>,
): Promise<ContainerObservation> {
  const { labels, annotations } = status
  const message = status.state === 'exited' ? await terminationMessage(status, files) : ''
  return {
    id: status.id,
    name: labels[podLabels.containerName] ?? status.metadata.name,
    sandboxId,
    state: status.state,
    createdAt: status.createdAt,
    startedAt: status.startedAt,
    finishedAt: status.finishedAt,
    exitCode: status.exitCode,
    image: status.image.image,
    imageId: status.imageId ?? status.imageRef,
    imageRef: status.imageRef,
    reason: status.reason ?? '',
    message: [status.message ?? '', message].filter((part) => part !== '').join(': '),
    hash: annotations[noted.hash] ?? '',
    restartCount: Number(annotations[noted.restartCount] ?? 0),
    logPath: status.logPath,
    mounts: status.mounts,
    ...(status.resources ? { resources: status.resources } : {}),
    ...(status.user ? { user: status.user } : {}),
  }
}

async function terminationMessage(
  { annotations, mounts, exitCode, reason, logPath }: ContainerStatus,
  files: Pick<PodFiles, 'readTerminationLog' | 'readLogTail'>,
): Promise<string> {
  const policy = annotations[noted.terminationMessagePolicy]
  const fallsBack = policy === 'FallbackToLogsOnError' && exitCode !== 0 && reason !== 'ContainerCannotRun'
  const path = annotations[noted.terminationMessagePath] ?? ''
  const absolute = path.startsWith('/') ? path : `/${path}`
  const file = path === '' ? undefined : mounts.find(({ containerPath }) => containerPath === absolute)?.hostPath
  if (file !== undefined) {
    try {
      const text = await files.readTerminationLog(file, mostMessageBytes)
      if (text !== undefined && text !== '') return text
    } catch (error) {
      return `Error on reading termination log ${file}: ${messageOf(error)}`
    }
  }
  if (!fallsBack) return ''
  try {
    return await files.readLogTail(logPath, mostLogLines, mostLogBytes)
  } catch (error) {
    return `Error on reading termination message from logs: ${messageOf(error)}`
  }
}
