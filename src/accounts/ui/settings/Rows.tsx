import type { ReactNode } from 'react'
import { Alert } from '#platform/ui/Banner.tsx'
import { Bone, Skeleton } from '#platform/ui/Skeleton.tsx'
import { TryAgain } from '#platform/ui/TryAgain.tsx'
import type { Loaded } from './useLoaded.ts'
import './Settings.css'

/** A settings list that is fetched: bones of its height first, a sentence and a way on when that fails. */
export function Rows<T>(props: {
  of: Pick<Loaded<readonly T[]>, 'value' | 'isCurrent' | 'failure' | 'again'>
  loading: string
  empty: ReactNode
  renderRow: (value: T) => ReactNode
  /** For rows of other measures than a setting has. */
  className?: string
}) {
  const { of, loading, empty, renderRow } = props
  const list = ['settings-list', props.className].filter(Boolean).join(' ')
  if (of.failure && !of.value) {
    return (
      <Alert>
        {of.failure} <TryAgain inSentence onPress={of.again} />
      </Alert>
    )
  }
  if (!of.value) {
    return (
      <div className={list}>
        <Skeleton label={loading}>
          {[1, 2, 3].map((n) => (
            <div key={n} className="setting">
              <Bone inlineSize="1.75rem" blockSize="1.75rem" radius="28%" />
              <Bone inlineSize="40%" />
            </div>
          ))}
        </Skeleton>
      </div>
    )
  }
  if (of.value.length === 0) return <p className="muted">{empty}</p>
  return (
    <div className={list} aria-busy={!of.isCurrent || undefined}>
      {of.value.map(renderRow)}
    </div>
  )
}
