/** As for Kubernetes' own controllers: another replica takes over about this long after the leader's last sign of life. */
export const leaseMs = 15_000

export const retry = { firstMs: 1000, ceilingMs: 600_000 }

export const doors = { port: 443, timeoutMs: 5000 }
