/** Which cgroups processes of the machine are in. */
export interface ProcessCgroups {
  /**
   * Puts the agent into a cgroup, which is made where it is missing, and sets its OOM score. One that runs in a container
   * of its own is left alone.
   *
   * @throws Error that names what failed.
   */
  keepAgent(path: string, oomScore: number): Promise<void>
  /**
   * Puts all processes of the root cgroup into another, which is made where it is missing: but for the first process and
   * those of the kernel.
   *
   * @throws Error that names what failed last.
   */
  keepOthers(path: string): Promise<void>
}
