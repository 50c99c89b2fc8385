export interface PlantedFault {
  name: string
  /** The rules of which at least one has to find it. */
  foundBy: readonly string[]
  /** Changes to the product's code, in memory: each replaces the first `from` in a file below src/. */
  code?: readonly { file: string; from: string; to: string }[]
  /** Changes to the database, once its schema is there. */
  sql?: string
}

export const plantedFaults: readonly PlantedFault[] = []
