import { useEffect, useState } from 'react'
import type { Me } from '#accounts/shapes.ts'
import { Harbour } from '#accounts/ui/Harbour.tsx'
import { goOnAsOther } from '#accounts/ui/session.ts'
import { SignIn } from '#accounts/ui/SignIn.tsx'
import { unsentOf } from '#messages/ui/unsent.ts'
import { Button, LinkButton } from '#platform/ui/Button.tsx'
import { isolated } from '#platform/ui/isolate.ts'
import { unsentWords } from './unsent-words.ts'

/**
 * The window was one account's, and another window signed in as somebody else. Nothing is done until the person says
 * who they are; when the former account is signed in again, the window goes on by itself.
 */
export function OtherAccount({ mine, me }: { mine: Me; me: Me }) {
  const [signing, setSigning] = useState(false)
  const [kept, setKept] = useState<string>()
  useEffect(() => {
    let here = true
    void unsentOf(mine.id).then((unsent) => here && setKept(unsentWords(unsent, mine.name)))
    return () => {
      here = false
    }
  }, [mine.id, mine.name])
  if (signing) return <SignIn />
  return (
    <Harbour
      title={`${isolated(me.name)} is signed in here now`}
      lede={`This window was ${isolated(mine.name)}’s, and another window of this browser signed in since. Nothing goes out under the wrong name.`}
    >
      {kept && <p className="lede">{kept}</p>}
      <Button kind="primary" wide onClick={goOnAsOther}>
        Go on as <bdi>{me.name}</bdi>
      </Button>
      <p className="below">
        You are <bdi>{mine.name}</bdi>? <LinkButton onClick={() => setSigning(true)}>Sign in again</LinkButton>
      </p>
    </Harbour>
  )
}
