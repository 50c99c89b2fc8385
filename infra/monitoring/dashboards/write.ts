// `node infra/monitoring/dashboards/write.ts` writes the dashboards as Grafana reads them; a test notices when it was
// forgotten.
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { described } from './described.ts'
import { files, specs } from './files.ts'

for (const [name, text] of files()) await writeFile(path.join(import.meta.dirname, 'json', name), text)
await writeFile(path.join(import.meta.dirname, '../../../docs/dashboards.md'), described(specs))
