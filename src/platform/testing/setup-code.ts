/** Of every place that a test or a tool starts for itself: `SETUP_CODE` of its processes, and what its founder hands in. */
export const setupCode = 'abcd-efgh-jkmn-pqrs'
