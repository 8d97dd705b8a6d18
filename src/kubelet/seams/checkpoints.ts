/** Small files of the agent that outlive it, in its own folder. */
export interface Checkpoints {
  /** `undefined` where there is none. */
  read(name: string): Promise<string | undefined>
  /** Replaces it as a whole; later writes win. */
  write(name: string, text: string): Promise<void>
}
