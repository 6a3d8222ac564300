/** Three models, three sizes, two quantizations, eager or not; a rule leaves 9 of the 36 out. */
export const V1_EXPERIMENTS = `
axes:
  model: [org/small, org/middle, org/large]
  tensor-parallel-size: [1, 2, 4]
  quantization: [off, fp8]
  enforce-eager: [true, false]
exclude:
  - { quantization: fp8, enforce-eager: false, reason: CUDA graphs fail with fp8 }
`;
