import { Component, type ReactNode } from 'react'

interface Props {
  /** What is drawn: another one is another chance. */
  of: unknown
  /** Stands in its place if it cannot be drawn. */
  plain: ReactNode
  children: ReactNode
}

/** Around one row of many: what cannot be drawn is plain words, and everything beside it is spared. */
export class Spared extends Component<Props, { failed: boolean; of: unknown }> {
  override state = { failed: false, of: this.props.of }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  static getDerivedStateFromProps(props: Props, state: { of: unknown }) {
    return props.of === state.of ? null : { failed: false, of: props.of }
  }

  override render() {
    return this.state.failed ? this.props.plain : this.props.children
  }
}
