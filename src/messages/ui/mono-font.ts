let loading: Promise<unknown> | undefined

/** 40 kB that most pages never need: fetched when the first code shows. */
export function loadMonoFont(): void {
  loading ??= import('@fontsource-variable/jetbrains-mono/wght.css').catch(() => (loading = undefined))
}
