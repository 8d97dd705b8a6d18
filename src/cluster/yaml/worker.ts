/** Runs in a thread of its own: reads YAML that would keep everybody else waiting. */
import { parentPort } from 'node:worker_threads'
import { JsonError, yamlToJson } from '#machinery'
import type { Answer, Question } from './reader.ts'

parentPort?.on('message', ({ id, bytes }: Question) => {
  parentPort?.postMessage(answerTo(id, bytes), [])
})

function answerTo(id: number, bytes: Uint8Array): Answer {
  try {
    return { id, read: yamlToJson(bytes) }
  } catch (error) {
    return { id, failure: error instanceof JsonError ? error.message : `yaml: ${String(error)}` }
  }
}
