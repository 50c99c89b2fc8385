import CircleAlert from 'lucide-react/icons/circle-alert'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleDashed from 'lucide-react/icons/circle-dashed'
import { useEffect, useState } from 'react'
import { getPlace } from '#accounts/contract.ts'
import { apiOrigin, call } from '#platform/ui/api.ts'
import { Icon } from '#platform/ui/Icon.tsx'
import { formats } from '#platform/ui/theme.ts'
import { httpsFinding, type Finding } from './server-findings.ts'

const asking: Finding = { state: 'asking', words: 'Asking' }

/** "What this server has": each line is something that was asked just now, or seen from here. */
export function ServerReport() {
  const [server, setServer] = useState(asking)
  const [database, setDatabase] = useState(asking)
  useEffect(() => {
    void askServer().then(setServer)
    void askDatabase().then(setDatabase)
  }, [])
  return (
    <aside className="aside-list" aria-label="What this server has">
      <h2>What this server has</h2>
      <ul>
        <Line name="Server" finding={server} />
        <Line name="Database" finding={database} />
        <Line name="HTTPS" finding={httpsFinding(location)} />
        <Line name="Mail" finding={{ state: 'later', words: 'Not used yet. Invitations work by link.' }} />
      </ul>
    </aside>
  )
}

const signs = { ok: CircleCheck, later: CircleDashed, bad: CircleAlert }

function Line({ name, finding }: { name: string; finding: Finding }) {
  return (
    <li className={finding.state}>
      {finding.state === 'asking' ? <span className="ring" aria-hidden="true" /> : <Icon of={signs[finding.state]} />}
      <span>
        <b>{name}</b>
        <span>{finding.words}</span>
      </span>
    </li>
  )
}

async function askServer(): Promise<Finding> {
  const from = performance.now()
  try {
    await call(getPlace, {})
  } catch {
    return { state: 'bad', words: 'Does not answer from this browser.' }
  }
  const milliseconds = formats().count(Math.max(1, Math.round(performance.now() - from)))
  return { state: 'ok', words: `Answers this browser, ${milliseconds} ms there and back` }
}

async function askDatabase(): Promise<Finding> {
  try {
    const answer = (await (await fetch(`${apiOrigin}/readyz`)).json()) as { problems?: string[] }
    const problems = answer.problems ?? []
    if (problems.includes('database'))
      return { state: 'bad', words: 'Does not answer. Nothing can be kept until it does.' }
    if (problems.includes('migrations'))
      return { state: 'bad', words: 'Its tables are not up to date with this version.' }
    return { state: 'ok', words: 'Answers, and its tables are up to date' }
  } catch {
    return { state: 'bad', words: 'Could not be asked from this browser.' }
  }
}
