import ChevronDown from 'lucide-react/icons/chevron-down'
import { Icon } from './Icon.tsx'
import './Choice.css'

/** The browser's own select under our paint: it is what every phone and screen reader knows, and costs nothing. */
export function Select<T extends string>(props: {
  label: string
  value: T
  choices: readonly { value: T; title: string }[]
  onChange: (value: T) => void
  describedBy?: string
  /** Without a frame until it is pointed at: where each row of a list has one. */
  quiet?: boolean
}) {
  return (
    <span className={props.quiet ? 'select quiet' : 'select'}>
      <select
        aria-label={props.label}
        aria-describedby={props.describedBy}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value as T)}
      >
        {props.choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.title}
          </option>
        ))}
      </select>
      <Icon of={ChevronDown} size="small" />
    </span>
  )
}
