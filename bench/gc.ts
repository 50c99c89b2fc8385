// Loaded before src/main.ts (`--import`) where memory is measured: what is left after a collection is what is held.
process.on('SIGUSR2', () => globalThis.gc?.())
