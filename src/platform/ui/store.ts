import { useState, useSyncExternalStore } from 'react'

/** State that lives outside React, so that sockets and outboxes can change it and components can follow it. */
export type Store<T> = {
  get: () => T
  set: (next: T | ((current: T) => T)) => void
  /** Calls back after each change; returns the way to stop. */
  subscribe: (listener: () => void) => () => void
}

/** A `set` that changes nothing (by identity) tells nobody. */
export function createStore<T>(initial: T): Store<T> {
  let current = initial
  const listeners = new Set<() => void>()
  return {
    get: () => current,
    set(next) {
      const value = typeof next === 'function' ? (next as (current: T) => T)(current) : next
      if (Object.is(value, current)) return
      current = value
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

type Equal<S> = (a: S, b: S) => boolean

/**
 * Remembers the last selection. Two rules keep React from rendering for ever: the same state and selector give
 * the same object, and an equal result gives the former object even when the selector is a new function.
 */
export function rememberSelection<T, S>(): (state: T, selector: (state: T) => S, equal: Equal<S>) => S {
  let last: { state: T; selector: (state: T) => S; selected: S } | undefined
  return (state, selector, equal) => {
    if (last && Object.is(last.state, state) && last.selector === selector) return last.selected
    const next = selector(state)
    const selected = last && equal(last.selected, next) ? last.selected : next
    last = { state, selector, selected }
    return selected
  }
}

const whole = <T>(state: T): T => state

/**
 * Follows a store, or what `selector` takes from it; renders again only when that changed. Selections that build
 * a new array or object each time need `shallowEqual` as the third argument.
 */
export function useStore<T>(store: Store<T>): T
export function useStore<T, S>(store: Store<T>, selector: (state: T) => S, equal?: Equal<S>): S
export function useStore<T>(
  store: Store<T>,
  selector: (state: T) => unknown = whole,
  equal: Equal<unknown> = Object.is,
): unknown {
  const [select] = useState(() => rememberSelection<T, unknown>())
  const read = () => select(store.get(), selector, equal)
  return useSyncExternalStore(store.subscribe, read, read)
}

/** Same length and same members, one level deep; for arrays, plain objects, Sets and Maps' entries. */
export function shallowEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
  if (a instanceof Set && b instanceof Set) return a.size === b.size && [...a].every((member) => b.has(member))
  if (a instanceof Map && b instanceof Map) {
    return a.size === b.size && [...a].every(([key, value]) => b.has(key) && Object.is(value, b.get(key)))
  }
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && Object.is(a[key as keyof typeof a], b[key as keyof typeof b]))
  )
}
