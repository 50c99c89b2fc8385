import { spawnSync } from 'node:child_process'

/** Programs of Debian's packages prometheus and prometheus-alertmanager that this machine lacks. */
export const missingTools = (): string[] =>
  ['prometheus', 'promtool', 'prometheus-alertmanager', 'amtool'].filter(
    (tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).error !== undefined,
  )
