import { PersonName } from '#accounts/ui/PersonName.tsx'
import { useMe } from '#accounts/ui/session.ts'
import type { Said } from '#platform/markdown/words.ts'
import { EmojiText } from '#platform/ui/EmojiText.tsx'

/** One line of a message's words, with those whom they mean marked as in the timeline. Names are whole, or as `as` has them. */
export function SaidWords({ said, as }: { said: readonly Said[]; as?: (person: { name: string }) => string }) {
  const me = useMe()
  return said.map((part, at) =>
    'text' in part ? (
      part.everybody ? (
        <span key={at} className="meant me-too">
          {part.text}
        </span>
      ) : (
        <EmojiText key={at} text={part.text} />
      )
    ) : (
      <span key={at} className={part.mention === me.id ? 'meant me-too' : 'meant'}>
        @<PersonName id={part.mention} {...(as ? { as } : {})} />
      </span>
    ),
  )
}
