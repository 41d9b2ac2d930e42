// Reading typed arrays whose indexes are known to be inside: one function a kind, so that each stays quick.

export function intAt(array: Int32Array, index: number): number {
  return array[index] as number;
}

export function numberAt(array: Float64Array, index: number): number {
  return array[index] as number;
}
