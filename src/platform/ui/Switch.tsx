import './Choice.css'

/** A setting that takes effect at once. For a choice that waits for a button, use Checkbox. */
export function Switch(props: {
  label: string
  on: boolean
  onChange: (on: boolean) => void
  disabledReason?: string
  describedBy?: string
}) {
  const { label, on, onChange, disabledReason, describedBy } = props
  return (
    <button
      type="button"
      role="switch"
      className="switch"
      aria-label={label}
      aria-checked={on}
      aria-describedby={describedBy}
      aria-disabled={disabledReason ? true : undefined}
      data-tooltip={disabledReason}
      onClick={() => !disabledReason && onChange(!on)}
    />
  )
}
