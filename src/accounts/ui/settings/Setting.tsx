import CircleAlert from 'lucide-react/icons/circle-alert'
import { useId, useState, type ReactNode } from 'react'
import { explain } from '#platform/ui/api.ts'
import { Icon } from '#platform/ui/Icon.tsx'
import '#platform/ui/Field.css'
import './Settings.css'

/**
 * One page of the settings, in `main`: its title is the only `h1`, and stands in the bar of the frame on a phone. `wide`
 * for tables, which need the room.
 */
export function Page(props: { title: string; lede?: ReactNode; children: ReactNode; wide?: boolean }) {
  const { title, lede, children, wide } = props
  return (
    <div className="page">
      <div className={wide ? 'inner wide' : 'inner'}>
        <h1 className="off-phone">{title}</h1>
        {lede && <p className="lede">{lede}</p>}
        {children}
      </div>
    </div>
  )
}

/** A line of a settings list: what it is at the start, the control at the end; failures under the words. */
export function Setting(props: {
  title: ReactNode
  children?: ReactNode
  control?: ReactNode
  /** Instead of `control`: gets the id of the words, for `aria-describedby`. */
  renderControl?: (describedBy: string) => ReactNode
  lead?: ReactNode
  saving?: Saving
}) {
  const { title, children, control, renderControl, lead, saving } = props
  const id = useId()
  return (
    <div className="setting">
      {lead}
      <div className="what">
        <b>{title}</b>
        {children && <span id={id}>{children}</span>}
        {saving?.failure && (
          <span className="hint error" role="alert">
            <Icon of={CircleAlert} size="small" />
            {saving.failure}
          </span>
        )}
      </div>
      <div className="control">
        {saving && <span className="saving">{saving.busy && <span className="ring" aria-hidden="true" />}</span>}
        {renderControl ? renderControl(id) : control}
      </div>
    </div>
  )
}

export type Saving = { busy: boolean; failure: string | undefined }

/** Saves as you change: `save(work)` runs it, a ring stands beside the control, a failure says why under it. */
export function useSaving(): Saving & { save: (work: () => Promise<void>) => Promise<boolean>; forget: () => void } {
  const [now, setNow] = useState<Saving>({ busy: false, failure: undefined })
  const save = async (work: () => Promise<void>) => {
    setNow({ busy: true, failure: undefined })
    try {
      await work()
      setNow({ busy: false, failure: undefined })
      return true
    } catch (error) {
      setNow({ busy: false, failure: explain(error) })
      return false
    }
  }
  return { ...now, save, forget: () => setNow({ busy: false, failure: undefined }) }
}
