import Bold from 'lucide-react/icons/bold'
import Code from 'lucide-react/icons/code'
import Italic from 'lucide-react/icons/italic'
import Link from 'lucide-react/icons/link'
import List from 'lucide-react/icons/list'
import ListOrdered from 'lucide-react/icons/list-ordered'
import Quote from 'lucide-react/icons/text-quote'
import SquareCode from 'lucide-react/icons/square-code'
import Strikethrough from 'lucide-react/icons/strikethrough'
import type { Glyph } from '#platform/ui/Icon.tsx'
import { IconButton } from '#platform/ui/IconButton.tsx'
import type { Format } from './formatting.ts'

const buttons: readonly { how: Format; label: string; icon: Glyph; keys?: string }[] = [
  { how: 'bold', label: 'Bold', icon: Bold, keys: 'Ctrl+B' },
  { how: 'italic', label: 'Italic', icon: Italic, keys: 'Ctrl+I' },
  { how: 'strike', label: 'Strike', icon: Strikethrough, keys: 'Ctrl+Shift+X' },
  { how: 'link', label: 'Link', icon: Link },
  { how: 'list', label: 'List', icon: List },
  { how: 'numbers', label: 'Numbered list', icon: ListOrdered },
  { how: 'quote', label: 'Quote', icon: Quote },
  { how: 'code', label: 'Code', icon: Code, keys: 'Ctrl+E' },
  { how: 'block', label: 'Code block', icon: SquareCode },
]

export function FormattingRow({ onFormat }: { onFormat: (how: Format) => void }) {
  return (
    <div className="formatting" role="toolbar" aria-label="Formatting">
      {buttons.map(({ how, label, icon, keys }) => (
        <IconButton
          key={how}
          label={label}
          icon={icon}
          keys={keys}
          // The selection in the text stays.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onFormat(how)}
        />
      ))}
    </div>
  )
}
