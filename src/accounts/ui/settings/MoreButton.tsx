import { Button } from '#platform/ui/Button.tsx'
import type { Pages } from './usePages.ts'
import '#platform/ui/Field.css'
import './Settings.css'

/** Under a list that goes on: fetches its next page, and says why where that fails. */
export function MoreButton(props: { of: Pick<Pages<unknown>, 'more' | 'moreSaving'>; className?: string }) {
  const { of, className = 'settings-foot' } = props
  if (!of.more) return null
  return (
    <div className={className}>
      {of.moreSaving.failure && (
        <p className="hint error" role="alert">
          {of.moreSaving.failure}
        </p>
      )}
      <Button loading={of.moreSaving.busy} onClick={of.more}>
        Show more
      </Button>
    </div>
  )
}
